/**
 * What the processes of one run tell each other, through the environment that workers inherit. Users never set these.
 */
export const RUN_DIR = 'CONFORMANCE_RUN_DIR';
export const RUN_TARGET = 'CONFORMANCE_TARGET';
export const RUN_CASES = 'CONFORMANCE_CASES';
/** The command line was understood; see conformance.mjs. */
export const RUN_BEGUN = 'CONFORMANCE_BEGUN';
/** When the run has to end, in milliseconds since the epoch. */
export const RUN_UNTIL = 'CONFORMANCE_UNTIL';
/** Why the target cannot be talked to. */
export const RUN_TROUBLE = 'CONFORMANCE_TROUBLE';
/** What the set-up has noticed about the target, a sentence a line. */
export const RUN_NOTES = 'CONFORMANCE_NOTES';
