import { oneLine } from './text.ts';

/** Text that Markdown takes as text: markup, links, mentions and tables are disarmed. */
export const plain = (text: string): string =>
  oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The same, set as code. */
export const code = (text: string): string => `<code>${plain(text)}</code>`;

/** A row of a table; what is put into it is Markdown already. */
export const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** The beginning of a table. */
export const head = (...titles: readonly string[]): string => `${row(...titles)}\n${row(...titles.map(() => '---'))}`;
