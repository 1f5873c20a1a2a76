import { isObject } from '../contract/document.ts';
import { isDateTime } from '../contract/formats.ts';

/**
 * A violation that is accepted for a target until a given day. Reports still show it as red; only the gate excuses it.
 */
export interface Deviation {
  /** Id of the requirement, or `case` with the id of a case, whose violations are all accepted. */
  readonly requirement?: string;
  readonly case?: string;
  readonly because: string;
  readonly ticket: string;
  /** Who accepted it. */
  readonly approver?: string;
  /** First day on which it is accepted, as `2026-01-31`. */
  readonly since: string;
  /** Last day on which it is accepted. */
  readonly until: string;
}

const MEMBERS = ['requirement', 'case', 'because', 'ticket', 'approver', 'since', 'until'] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads the accepted deviations of a target file.
 *
 * @throws {Error} naming every entry that is invalid
 */
export function toDeviations(entries: unknown): readonly Deviation[] {
  if (entries === undefined) return [];
  if (!Array.isArray(entries)) throw new Error('deviations must be a list');
  const problems: string[] = [];
  const deviations = entries.flatMap((entry: unknown, index) => {
    const deviation = toDeviation(entry);
    if (typeof deviation !== 'string') return [deviation];
    problems.push(`deviations[${index}]: ${deviation}`);
    return [];
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return deviations;
}

/** The entry, or what is wrong with it. */
function toDeviation(entry: unknown): Deviation | string {
  if (!isObject(entry)) return 'is not an object';
  const unknown = Object.keys(entry).find((key) => !(MEMBERS as readonly string[]).includes(key));
  if (unknown !== undefined) return `${unknown} is unknown`;
  const read = (member: (typeof MEMBERS)[number]) => {
    const value = entry[member];
    return typeof value === 'string' ? value.trim() : '';
  };
  const [requirement, test] = [read('requirement'), read('case')];
  if ((requirement === '') === (test === '')) return 'needs either requirement or case';
  const deviation = { because: read('because'), ticket: read('ticket'), since: read('since'), until: read('until') };
  const empty = (['because', 'ticket', 'since', 'until'] as const).find((member) => deviation[member] === '');
  if (empty !== undefined) return `${empty} is missing`;
  if (![deviation.since, deviation.until].every((day) => DAY.test(day) && isDateTime(`${day}T00:00:00Z`)))
    return 'since and until must be days such as 2026-01-31';
  if (deviation.until < deviation.since) return 'until is before since';
  const approver = read('approver');
  return {
    ...(requirement === '' ? { case: test } : { requirement }),
    ...deviation,
    ...(approver !== '' && { approver }),
  };
}
