// Proves: a URL that leads inside, or hides where it leads, is refused before anybody is asked; and that exceptions open what they name and no more.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOutboundAllow, isAllowEntry, splitAllowList } from './outbound-allow.ts';
import { OutboundError } from './outbound-error.ts';
import { judgeAddresses, readTarget } from './outbound-url.rules.ts';

const none = createOutboundAllow([]);

function outcomeOf(work: () => unknown): string {
  try {
    work();
    return 'allowed';
  } catch (error) {
    if (error instanceof OutboundError) return error.reason;
    throw error;
  }
}

const read = (url: string, allow = none): string => outcomeOf(() => readTarget(url, allow));

test.each([
  ['https://example.com/hook?x=1', 'allowed'],
  ['http://EXAMPLE.com.', 'allowed'],
  ['https://example.com:443/', 'allowed'],
  ['http://example.com:443/', 'allowed'],
  ['https://8.8.8.8/', 'allowed'],
  ['https://[2606:4700:4700::1111]/', 'allowed'],
  ['https://xn--bcher-kva.example/', 'allowed'],
  ['https://bücher.example/', 'allowed'],
  ['ftp://example.com/', 'forbidden_scheme'],
  ['file:///etc/passwd', 'forbidden_scheme'],
  ['gopher://example.com/_x', 'forbidden_scheme'],
  ['javascript:alert(1)', 'forbidden_scheme'],
  ['data:text/plain,x', 'forbidden_scheme'],
  ['//example.com/', 'invalid_url'],
  ['example.com', 'invalid_url'],
  ['', 'invalid_url'],
  ['https:example.com', 'invalid_url'],
  ['https:/example.com', 'invalid_url'],
  ['https:///example.com', 'invalid_url'],
  ['https://exam\nple.com/', 'invalid_url'],
  ['https://exam\tple.com/', 'invalid_url'],
  [' https://example.com/', 'invalid_url'],
  ['https://exam\u200bple.com/', 'invalid_url'],
  ['https://example.com\\@10.0.0.1/', 'invalid_url'],
  ['https://user:password@example.com/', 'invalid_url'],
  ['https://user@example.com/', 'invalid_url'],
  ['https://@example.com/', 'invalid_url'],
  ['https://8.8.8.8@10.0.0.1/', 'invalid_url'],
  ['https://10.0.0.1#@example.com/', 'forbidden_address'],
  [`https://example.com/${'x'.repeat(2_048)}`, 'invalid_url'],
  ['http://127.0.0.1/', 'forbidden_address'],
  ['http://2130706433/', 'invalid_url'],
  ['http://0x7f000001/', 'invalid_url'],
  ['http://0x7f.0.0.1/', 'invalid_url'],
  ['http://017700000001/', 'invalid_url'],
  ['http://0177.0.0.1/', 'invalid_url'],
  ['http://127.1/', 'invalid_url'],
  ['http://0/', 'invalid_url'],
  ['http://134744072/', 'invalid_url'],
  ['http://127.0.0.1./', 'invalid_url'],
  ['http://%31%32%37.0.0.1/', 'invalid_url'],
  ['http://example%2ecom/', 'invalid_url'],
  ['http://１２７.０.０.１/', 'invalid_url'],
  ['http://①②⑦.⓪.⓪.①/', 'invalid_url'],
  ['http://127。0。0。1/', 'invalid_url'],
  ['http://[::1]/', 'forbidden_address'],
  ['http://[::]/', 'forbidden_address'],
  ['http://[::ffff:127.0.0.1]/', 'forbidden_address'],
  ['http://[::ffff:8.8.8.8]/', 'forbidden_address'],
  ['http://[64:ff9b::7f00:1]/', 'forbidden_address'],
  ['http://[2002:7f00:1::]/', 'forbidden_address'],
  ['http://[fe80::1]/', 'forbidden_address'],
  ['http://[fe80::1%25eth0]/', 'invalid_url'],
  ['http://169.254.169.254/latest/meta-data/', 'forbidden_address'],
  ['http://metadata.google.internal/', 'forbidden_host'],
  ['http://metadata/', 'forbidden_host'],
  ['http://localhost/', 'forbidden_host'],
  ['http://LOCALHOST./', 'forbidden_host'],
  ['http://a.localhost/', 'forbidden_host'],
  ['http://printer.local/', 'forbidden_host'],
  ['http://nas.home.arpa/', 'forbidden_host'],
  ['http://postgres/', 'forbidden_host'],
  ['https://example.com:8443/', 'forbidden_port'],
  ['http://example.com:25/', 'forbidden_port'],
  ['http://example.com:0/', 'forbidden_port'],
  ['http://8.8.8.8:22/', 'forbidden_port'],
])('%s: %s', (url, outcome) => {
  expect(read(url)).toBe(outcome);
});

test('an IPv4 address is refused in each form but the usual one', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, (a, b, c, d) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d;
      const hex = (n: number): string => `0x${n.toString(16)}`;
      const octal = (n: number): string => `0${n.toString(8)}`;
      const forms = [
        ...[`${number}`, hex(number), octal(number), `${a}.${number % 2 ** 24}`, `${a}.${b}.${number % 2 ** 16}`],
        ...[
          `${hex(a)}.${b}.${c}.${d}`,
          `${a}.${octal(b)}.${c}.${hex(d)}`,
          `${a}.${b}.${c}.${d}.`,
          `00${a}.${b}.${c}.${d}`,
        ],
      ].filter((form) => form !== `${a}.${b}.${c}.${d}`);
      // `${a}.0${b}` with a zero is `00`, never the usual form.
      for (const form of forms) expect(read(`http://${form}/`), form).toBe('invalid_url');
    }),
  );
});

test('whatever is read has a host without user, disguise or dot at the end', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl(),
        fc.string().map((text) => `http://${text}`),
      ),
      (text) => {
        if (read(text) !== 'allowed') return;
        const { url, host } = readTarget(text, none);
        expect(url.username + url.password).toBe('');
        expect(host).toMatch(/^[a-z0-9_.:-]*[a-z0-9_]$/);
        expect(['', '80', '443']).toContain(url.port);
      },
    ),
  );
});

test('one address that is not allowed among many is enough to refuse a name', () => {
  const judge = (addresses: string[], allow = none): string =>
    outcomeOf(() => judgeAddresses({ host: 'example.com', port: 443 }, addresses, allow));
  expect(judge(['8.8.8.8', '2606:4700::1'])).toBe('allowed');
  expect(judge(['8.8.8.8', '127.0.0.1'])).toBe('forbidden_address');
  expect(judge(['8.8.8.8', '::ffff:8.8.8.8'])).toBe('forbidden_address');
  expect(judge([''])).toBe('forbidden_address');
  expect(judge([])).toBe('unresolvable');
  expect(judge(['8.8.8.8', '10.0.0.1'], createOutboundAllow(['10.0.0.0/8']))).toBe('allowed');
});

test.each([
  ['http://10.1.2.3/', '10.0.0.0/8', 'allowed'],
  ['http://10.1.2.3:11434/', '10.0.0.0/8', 'allowed'],
  ['http://11.1.2.3:11434/', '10.0.0.0/8', 'forbidden_port'],
  ['http://[::ffff:10.1.2.3]/', '10.0.0.0/8', 'forbidden_address'],
  ['http://10.1.2.3/', '10.1.2.3', 'allowed'],
  ['http://10.1.2.4/', '10.1.2.3', 'forbidden_address'],
  ['http://[fd12::1]:8080/', 'fd00::/8', 'allowed'],
  ['http://169.254.169.254/', '169.254.0.0/16,0.0.0.0/0', 'forbidden_address'],
  ['http://169.254.169.254/', '169.254.169.254', 'allowed'],
  ['http://ollama/', 'ollama', 'allowed'],
  ['http://OLLAMA:11434/v1', 'ollama', 'allowed'],
  ['http://ollama:11434/v1', 'ollama:11434', 'allowed'],
  ['http://ollama:22/', 'ollama:11434', 'forbidden_host'],
  ['http://a.ollama:11434/', 'ollama:11434', 'forbidden_port'],
  ['http://localhost:8080/', 'localhost:8080', 'allowed'],
  ['http://127.0.0.1:8080/', 'localhost:8080', 'forbidden_port'],
  ['http://127.0.0.1/', 'localhost:8080', 'forbidden_address'],
  ['http://0x7f.1:8080/', '127.0.0.0/8', 'invalid_url'],
])('%s with the exceptions %s: %s', (url, exceptions, outcome) => {
  expect(read(url, createOutboundAllow(splitAllowList(exceptions)))).toBe(outcome);
});

test('a listed name leads anywhere but to a metadata service', () => {
  const allow = createOutboundAllow(['ollama:11434']);
  const judge = (address: string): string =>
    outcomeOf(() => judgeAddresses({ host: 'ollama', port: 11_434 }, [address], allow));
  expect(judge('192.168.1.9')).toBe('allowed');
  expect(judge('::1')).toBe('allowed');
  expect(judge('169.254.169.254')).toBe('forbidden_address');
});

test.each([
  '*',
  '10.0.0.0/33',
  '10.0.0/8',
  'fd00::/129',
  'a b',
  'host:0',
  'host:99999',
  '1.2.3',
  'http://x',
  '::1%lo',
  '[::1]',
])('the exception %s is refused', (entry) => {
  expect(isAllowEntry(entry)).toBe(false);
  expect(() => createOutboundAllow([entry])).toThrow('neither');
});
