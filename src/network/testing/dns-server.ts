// Owns: a DNS server on loopback that answers what a test says. Not: anything a real one does beyond A, AAAA and TXT over UDP.

import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

/** What a test's zone answers. Called for each question, so that an answer may change. Null: there is no such name. */
export type Zone = (question: {
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'TXT';
}) => readonly string[] | null;

/** A server that answers. */
export interface TestDnsServer {
  /** `127.0.0.1:53124`, as `createDnsResolver` takes it. */
  readonly address: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA' | 'TXT'>> = { 1: 'A', 28: 'AAAA', 16: 'TXT' };
const HEADER_BYTES = 12;
const NAME_ERROR = 3;

/** Starts one (RFC 1035, section 4). */
export async function startDnsServer(zone: Zone): Promise<TestDnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => socket.send(answerTo(query, zone), port, address));
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.bind(0, '127.0.0.1', resolve);
  await promise;
  const { port } = socket.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close: () => new Promise((closed) => void socket.close(closed)),
  };
}

function answerTo(query: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let place = HEADER_BYTES;
  for (let length = query[place] ?? 0; length > 0; length = query[place] ?? 0) {
    labels.push(query.subarray(place + 1, place + 1 + length).toString('latin1'));
    place += length + 1;
  }
  const typeNumber = query.readUInt16BE(place + 1);
  const question = query.subarray(HEADER_BYTES, place + 5);
  const type = TYPES[typeNumber];
  const found = type === undefined ? [] : zone({ name: labels.join('.').toLowerCase(), type });
  const records = (found ?? []).map((value) => record(typeNumber, dataOf(typeNumber, value)));
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8580 | (found === null ? NAME_ERROR : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

/** A record of the name that was asked for (a pointer to it), to be forgotten at once. */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(type: number, value: string): Buffer {
  if (type === 1) return Buffer.from(value.split('.').map(Number));
  if (type === 28) return ipv6Bytes(value);
  // A text is cut into parts of at most 255 bytes, as real servers do.
  const parts = value.match(/.{1,255}/gs) ?? [''];
  return Buffer.concat(parts.map((part) => Buffer.concat([Buffer.from([Buffer.byteLength(part)]), Buffer.from(part)])));
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  return Buffer.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]));
}
