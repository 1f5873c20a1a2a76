import { changesBetween } from '../harness/contract/delta.ts';
import type { Contract, Operation, Requirement } from '../harness/contract/index.ts';
import { type Histories, historiesOf, historyText, spanAt } from '../harness/contract/promise-history.ts';
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
- **Level** names the [version of the API](versions.md) that makes the promise or lifts it, if a later one does. What later
  versions add or change is shown by version, after the promises of the contract itself.
`;

const COLUMNS = '| id | level | promise | source | cases | faults |\n|---|---|---|---|---|---|';

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

/** The page. @param versions the contract at each version, oldest first */
export function promisesPage(versions: readonly [Contract, ...Contract[]]): string {
  const [contract, ...later] = versions;
  const histories = historiesOf(versions);
  const row = rowsOf(contract, histories);
  const sections = sectionsOf(contract);
  const changes = later.map((version, index) => versionSection(versions[index] ?? contract, version, histories));
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
    ...changes.map(({ title, made }) => `| [${title}](#${anchor(title)}) | ${made.length} more | ${musts(made)} |`),
    ...sections.map(({ title, promises }) => [`\n## ${title}\n`, COLUMNS, ...promises.map(row)].join('\n')),
    ...changes.map(({ text }) => text),
    `\n## ${CASES}\n`,
    '`npm run conformance -- --grep "TITLE"` runs one alone.\n',
    '| id | title | writes | promises |\n|---|---|---|---|',
    ...allCases(contract).map(({ id, title, writes, covers }) =>
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

/** Renders promises of a contract as rows. */
function rowsOf(contract: Contract, histories: Histories): (promise: Requirement) => string {
  const cases = allCases(contract);
  const faults = new Map<string, number>();
  for (const { breaks } of catalogue(contract).faults)
    for (const id of breaks) faults.set(id, (faults.get(id) ?? 0) + 1);
  return (promise) => {
    const { id, level, statement, source, provocable } = promise;
    const made = cases.filter(({ covers }) => covers.includes(id)).map((one) => `\`${one.id}\``);
    const asked = made.length > 0 ? made.join(', ') : provocable ? 'any answer' : 'if met';
    const span = spanAt(histories, promise, contract.vendorVersion) ?? { level };
    const cells = [`\`${id}\``, historyText([span]), escaped(statement), source, asked, faults.get(id) ?? 0];
    return `| ${cells.join(' | ')} |`;
  };
}

/** What a version makes, changes and lifts. `made`: the promises that the version before does not make. */
function versionSection(older: Contract, newer: Contract, histories: Histories) {
  const row = rowsOf(newer, histories);
  const changes = changesBetween(older, newer);
  const changed = new Set(changes.map(({ id }) => id));
  const [ids, promises] = [[...older.requirements.keys()], [...newer.requirements.values()]];
  const made = promises.filter(({ id }) => !older.requirements.has(id));
  const rows = promises.filter((one) => made.includes(one) || changed.has(one.id)).map(row);
  const lifted = ids.filter((id) => !newer.requirements.has(id)).map((id) => `\`${id}\``);
  const title = `Version ${newer.vendorVersion}`;
  return {
    title,
    made,
    text: [
      `\n## ${title}\n`,
      ...(rows.length === 0 ? [] : [COLUMNS, ...rows]),
      ...(lifted.length === 0 ? [] : [`${rows.length === 0 ? '' : '\n'}Lifted: ${lifted.join(', ')}.`]),
    ].join('\n'),
  };
}
