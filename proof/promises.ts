import type { Case } from '../harness/case.ts';
import type { Contract, Operation, Requirement } from '../harness/contract/index.ts';
import type { Area } from '../harness/contract/requirements.ts';
import { allCases } from '../tests/cases/index.ts';
import { catalogue } from './catalogue.ts';

/** Renders `docs/promises.md`: every promise of the contract, who asks for it, and how many faults must break it. */

const HEAD = `# Every promise

Generated from the contract; \`UPDATE_DOCS=1 npm run unit\` writes it anew, and a test keeps it in step.

- **Source** says who made the promise: \`seed\` is the vendor's page that this project started from, \`upstream-1.9.0\` the
  vendor's OpenAPI document of that version, \`curation\` a reading of ours, argued in
  [the curation log](../spec/curation-log.md).
- **Cases** are those made for the promise, [listed at the end](#cases). A promise about *any answer* is judged on every
  exchange of a run; one that is judged *if met* is never provoked.
- **Faults** counts the entries of the fault catalogue that must break the promise; [the proof](proof.md) tries them.
`;

/** What belongs to no single operation, by area, in the order of the page. */
const SHARED: Readonly<Partial<Record<Area, string>>> = {
  schema: 'Members of answers',
  problems: 'Problems',
  timestamps: 'Timestamps',
  lifecycle: 'Life cycle',
  scopes: 'Callers',
  signatures: 'Request signatures',
  webhooks: 'Events and webhooks',
  tokens: 'Access tokens',
};
const REST = 'Any operation';
const CASES = 'Cases';

interface Section {
  readonly title: string;
  readonly promises: readonly Requirement[];
}

/** The page, for the contract as it is. */
export function promisesPage(contract: Contract): string {
  const cases = allCases(contract);
  const faults = new Map<string, number>();
  for (const { breaks } of catalogue(contract).faults)
    for (const id of breaks) faults.set(id, (faults.get(id) ?? 0) + 1);
  const sections = sectionsOf(contract);
  const total = sections.reduce((sum, { promises }) => sum + promises.length, 0);
  const contents = sections.map(
    ({ title, promises }) => `| [${title}](#${anchor(title)}) | ${promises.length} | ${musts(promises)} |`,
  );
  const all = sections.flatMap(({ promises }) => promises);
  return [
    HEAD,
    '| | promises | of these MUST |\n|---|---|---|',
    ...contents,
    `| all | ${total} | ${musts(all)} |`,
    ...sections.map(({ title, promises }) =>
      [
        `\n## ${title}\n`,
        '| id | level | promise | source | cases | faults |\n|---|---|---|---|---|---|',
        ...promises.map((promise) => row(promise, cases, faults.get(promise.id) ?? 0)),
      ].join('\n'),
    ),
    `\n## ${CASES}\n`,
    '`npm run conformance -- --grep "TITLE"` runs one alone.\n',
    '| id | title | writes | promises |\n|---|---|---|---|',
    ...cases.map(({ id, title, writes, covers }) =>
      [`| \`${id}\``, escaped(title), writes ? 'yes' : '', `${covers.length} |`].join(' | '),
    ),
    '',
  ].join('\n');
}

function sectionsOf({ operations, requirements }: Contract): Section[] {
  const all = [...requirements.values()];
  const ofOperation = operations.map((operation) => ({
    title: titleOf(operation),
    promises: all.filter((one) => one.operation === operation.name),
  }));
  const shared = all.filter(({ operation }) => operation === undefined);
  const titleOfShared = ({ area }: Requirement) => SHARED[area] ?? REST;
  const ofAll = [REST, ...Object.values(SHARED)].map((title) => ({
    title,
    promises: shared.filter((one) => titleOfShared(one) === title),
  }));
  return [...ofOperation, ...ofAll].filter(({ promises }) => promises.length > 0);
}

const titleOf = ({ id, method, path }: Operation) => `${id}: ${method} ${path}`;

/** The fragment under which the usual renderers of Markdown find a heading. */
const anchor = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');

const escaped = (text: string) => text.replaceAll('|', '\\|');

const musts = (promises: readonly Requirement[]) => promises.filter(({ level }) => level === 'MUST').length;

function row(
  { id, level, statement, source, provocable }: Requirement,
  cases: readonly Case[],
  faults: number,
): string {
  const made = cases.filter(({ covers }) => covers.includes(id)).map((one) => `\`${one.id}\``);
  const asked = made.length > 0 ? made.join(', ') : provocable ? 'any answer' : 'if met';
  return `| ${[`\`${id}\``, level, escaped(statement), source, asked, faults].join(' | ')} |`;
}
