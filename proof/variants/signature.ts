import { type Answered, answer, intercepting, problem } from '../faults/fault.ts';
import type { Variant } from './index.ts';

/** What a target may do differently about signatures of requests. */

const unsigned = (status: number): Variant => ({
  id: `unsigned-${status}`,
  aspect: 'refused signatures',
  difference: `Requests without a signature are answered with ${status}.`,
  outside: answer(
    ({ headers }, answered) => !headers.has('signature') && answered.status === 401,
    (answered: Answered) => void Object.assign(answered, problem(status)),
  ),
});

export const signatureVariants: readonly Variant[] = [
  unsigned(400),
  unsigned(403),
  {
    id: 'bad-signatures-400',
    aspect: 'refused signatures',
    difference: 'Whatever is wrong with a signature is answered with 400.',
    outside: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      const isUnknown = answered.status === 401 && asked.scopes !== undefined && asked.alive;
      return isUnknown || (answered.status === 401 && !asked.headers.has('signature')) ? problem(400) : answered;
    }),
  },
  {
    id: 'nonce-again',
    difference: 'A nonce may be used again.',
    ignores: ['nonce-used'],
  },
];
