import { VERDICTS } from '../../harness/verdicts/verdicts.ts';
import { areasOf } from '../order.ts';
import type { Report, ReportedRequirement } from '../schema/report.ts';
import { SHEET } from './sheet.ts';

const LEVELS = ['MUST', 'SHOULD'];

/** A rule for each radio button that hides everything else, except the target of a link. Print shows all. */
const rules = (group: string, words: readonly string[], kind = '') =>
  words
    .map(
      (word) =>
        `body:has(#${group}-${word}:checked) .promises tbody${kind}:not(.is-${word}):not(:target){display:none}`,
    )
    .join('\n');

/** Rules that show a notice for each combination of filters that matches nothing. */
function emptyChoices({ requirements }: Report, areas: readonly string[]): string {
  const groups = [
    { name: 'v', words: VERDICTS, of: ({ verdict }: ReportedRequirement) => verdict as string },
    { name: 'l', words: LEVELS, of: ({ level }: ReportedRequirement) => level as string },
    { name: 'a', words: areas, of: ({ area }: ReportedRequirement) => area },
  ];
  const offered = groups.map(({ name, words, of }) => [
    undefined,
    ...words.filter((word) => requirements.some((one) => of(one) === word)).map((word) => ({ name, word, of })),
  ]);
  const [verdicts = [], levels = [], places = []] = offered;
  return verdicts
    .flatMap((v) => levels.flatMap((l) => places.map((a) => [v, l, a].filter((one) => one !== undefined))))
    .filter((choice) => !requirements.some((one) => choice.every(({ word, of }) => of(one) === word)))
    .map(
      (choice) =>
        `body${choice.map(({ name, word }) => `:has(#${name}-${word}:checked)`).join('')} .none{display:block}`,
    )
    .join('\n');
}

/** The style sheet of one report: the common one, and the rules of its filters and page footers. */
export function styleOf(report: Report): string {
  const areas = areasOf(report);
  const run = report.run.id.replaceAll(/[^\w-]/g, '');
  return `${SHEET}
@media screen{
${rules('v', VERDICTS, ':not(.area)')}
${rules('l', LEVELS, ':not(.area)')}
${rules('a', areas)}
${emptyChoices(report, areas)}
}
@supports not selector(:has(a)){.filters{display:none}}
@page{margin:16mm 14mm 18mm;@bottom-left{content:"run ${run}";font:8pt sans-serif}@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}}`;
}
