import { oneLine } from './text.ts';

/** Escapes a text for Markdown: markup, links, mentions and tables become plain text. */
export const plain = (text: string): string =>
  oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Escapes a text and sets it as code. */
export const code = (text: string): string => `<code>${plain(text)}</code>`;

/** A row of a table; the cells are Markdown, not escaped again. */
export const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** The header row of a table and the delimiter row below it. */
export const head = (...titles: readonly string[]): string => `${row(...titles)}\n${row(...titles.map(() => '---'))}`;
