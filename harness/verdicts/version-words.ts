import { escapeInvisible } from '../escape-invisible.ts';
import { type Fit, isPossible, nameOf, newestKept } from './version-fit.ts';

/**
 * Limits that keep the summary on one screen: names in a list, and characters of one entry. The report has everything.
 */
const MOST_NAMED = 6;
const LONGEST = 160;

/** The lines of a summary: a table of all versions, the newest one that is kept, and what newer ones lack. */
export function summariseFits(fits: readonly Fit[], writes: boolean): string[] {
  const named = newestKept(fits);
  const newer = named === undefined ? fits : fits.slice(fits.indexOf(named) + 1);
  return [
    `  ${'version'.padEnd(10)}${['kept', 'broken', 'untested'].map((word) => word.padStart(10)).join('')}`,
    ...fits.map(
      (fit) =>
        `${fit === named ? '*' : ' '} ${fit.version.padEnd(10)}${[fit.kept, fit.broken.length, fit.untested].map((count) => String(count).padStart(10)).join('')}${broken(fit)}`,
    ),
    '',
    named === undefined ? 'No version is kept.' : `Kept: ${named.version}`,
    ...newer.flatMap((fit) => [
      `${fit.version}: ${isPossible(fit) ? 'nothing contradicts it' : 'not kept'}`,
      ...list('missing', [
        ...fit.missing,
        ...fit.broken.map(
          ({ requirement, violations }) => `${nameOf(requirement.id, fit.since)}: ${violations[0]?.seen ?? ''}`,
        ),
      ]),
      ...list('not seen', fit.unseen),
    ]),
    ...(writes ? [] : ['Promises that only writing can show were not tested (WRITES=off).']),
  ];
}

const broken = ({ broken }: Fit) =>
  broken.length === 0 ? '' : `   ${named(broken.map(({ requirement }) => requirement.id)).join(', ')}`;

const named = (all: readonly string[]) =>
  all.length > MOST_NAMED ? [...all.slice(0, MOST_NAMED), `and ${all.length - MOST_NAMED} more`] : all;

function list(title: string, all: readonly string[]): string[] {
  const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text);
  return named([...new Set(all)]).map((one) => `    ${title}: ${short(escapeInvisible(one)).replaceAll(/\s+/g, ' ')}`);
}
