import { answer, intercepting, problem, refused } from '../faults/fault.ts';
import type { Variant } from './index.ts';

/** Conforming differences in the treatment of request signatures. */

const unsigned = (status: number): Variant => ({
  id: `unsigned-${status}`,
  aspect: 'refused signatures',
  difference: `Requests without a signature are answered with ${status}.`,
  outside: answer(({ headers }, answered) => !headers.has('signature') && answered.status === 401, refused(status)),
});

export const signatureVariants: readonly Variant[] = [
  unsigned(400),
  unsigned(403),
  {
    id: 'bad-signatures-400',
    aspect: 'refused signatures',
    difference: 'Invalid signatures are answered with 400.',
    outside: intercepting(() => async (asked, forward) => {
      const answered = await forward();
      const isUnknown = answered.status === 401 && asked.scopes !== undefined && asked.alive;
      return isUnknown || (answered.status === 401 && !asked.headers.has('signature')) ? problem(400) : answered;
    }),
  },
  {
    id: 'nonce-again',
    difference: 'A nonce can be reused.',
    ignores: ['nonce-used'],
  },
];
