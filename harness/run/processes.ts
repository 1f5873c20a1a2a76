/**
 * Environment variables through which the processes of a run pass each other data; workers inherit them. Users never set
 * these.
 */
export const RUN_DIR = 'CONFORMANCE_RUN_DIR';
export const RUN_TARGET = 'CONFORMANCE_TARGET';
export const RUN_CASES = 'CONFORMANCE_CASES';
/** Set once the command line was accepted; see conformance.mjs. */
export const RUN_BEGUN = 'CONFORMANCE_BEGUN';
/** Deadline of the run, in milliseconds since the epoch. */
export const RUN_UNTIL = 'CONFORMANCE_UNTIL';
/** Why the target cannot be tested. */
export const RUN_TROUBLE = 'CONFORMANCE_TROUBLE';
/** What the set-up noticed about the target, one sentence per line. */
export const RUN_NOTES = 'CONFORMANCE_NOTES';
