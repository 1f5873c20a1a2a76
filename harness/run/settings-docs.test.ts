import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { SETTING_NAMES, SETTINGS } from './setting-table.ts';

/** `UPDATE_DOCS=1` writes the table of settings into the documentation. */
const UPDATE = process.env.UPDATE_DOCS === '1';
const WIDTH = 118;

test('.env.example matches the table of settings', () => {
  const head = '# Settings of a run. Copy to .env; an empty or missing setting takes its default.\n';
  const entries = SETTING_NAMES.map((name) => {
    const { meaning, usually } = SETTINGS[name];
    const sentence = `${meaning[0]?.toUpperCase()}${meaning.slice(1)}. Default: ${usually}`.replaceAll('`', '');
    return `${wrapped(sentence)}\n${name}=\n`;
  });
  assert.equal(
    shownIn('.env.example', () => `${head}\n${entries.join('')}`),
    `${head}\n${entries.join('')}`,
  );
});

test('docs/settings.md matches the table of settings', () => {
  const rows = SETTING_NAMES.map((name) => `| \`${name}\` | ${SETTINGS[name].meaning} | ${SETTINGS[name].usually} |\n`);
  const table = `| setting | meaning | default |\n|---|---|---|\n${rows.join('')}`;
  const put = (text: string) => text.replace(/^\| setting \|[\s\S]*?\n(?!\|)/m, () => `${table}`);
  assert.ok(shownIn('docs/settings.md', put).includes(table), 'UPDATE_DOCS=1 npm run unit writes it');
});

function shownIn(path: string, put: (text: string) => string): string {
  const text = readFileSync(path, 'utf8');
  if (!UPDATE || put(text) === text) return text;
  writeFileSync(path, put(text));
  return put(text);
}

/** A comment wrapped at `WIDTH`. */
function wrapped(sentence: string): string {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (`${last} ${word}`.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
}
