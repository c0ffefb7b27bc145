// Proves: which faults of the database are told as what they are to whoever asked: another act came first. Everything else is a fault of ours, which the log is told.

import fastify from 'fastify';
import { expect, it } from 'vitest';
import { sendError } from './send-answer.ts';

const fault = (fields: object): Error => Object.assign(new Error('said by the server'), fields);

async function answerTo(error: Error): Promise<readonly [status: number, code: string, isTold: boolean]> {
  const app = fastify();
  let isTold = false;
  app.get('/', (_request, reply) => {
    sendError({
      ...{ reply, error, requestId: 'x' },
      onFault: () => {
        isTold = true;
      },
    });
    return reply;
  });
  const { statusCode, json, headers } = await app.inject('/');
  await app.close();
  if (statusCode === 503) expect(headers['retry-after']).toBe('1');
  return [statusCode, json().code, isTold];
}

it.each([
  ['a deadlock that came again and again', { code: '40P01' }, [503, 'overloaded', false]],
  ['a serialization failure', { code: '40001' }, [503, 'overloaded', false]],
  ['a statement that waited too long', { code: '57014' }, [503, 'overloaded', true]],
  ['a row that policies refuse', { code: '42501', routine: 'ExecWithCheckOptions' }, [403, 'forbidden', false]],
  ['a right that was never granted', { code: '42501', routine: 'aclcheck_error' }, [500, 'internal_error', true]],
  ['a reference that is gone', { code: '23503' }, [409, 'conflict', false]],
  ['a check of ours', { code: '23514' }, [500, 'internal_error', true]],
])('%s', async (_name, fields, expected) => {
  expect(await answerTo(fault(fields))).toEqual(expected);
});
