import type { KeywordDefinition } from './keywords/definition.ts';
import { definitionOf } from './keywords/index.ts';
import type { Keyword } from './keywords/places.ts';
import { kebab } from './keywords/values.ts';

/** `ListMeta` as `list meta`, and `list.200.body` as `list 200 answer`. */
const wordsOf = (component: string) =>
  kebab(component)
    .replace(/\.body$/, ' answer')
    .replaceAll(/[-.]/g, ' ');

/** `AccessToken` as `an access token`. */
const withArticle = (words: string) => `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The promise of a keyword about a component, as a sentence. */
export function statementOf(keyword: Keyword): string {
  const whole = withArticle(wordsOf(keyword.component));
  return statementAbout(keyword, keyword.path === '' ? capital(whole) : `\`${keyword.path}\` of ${whole}`);
}

/** The promise of a keyword about something with a name of its own, as a sentence. */
export function statementAbout({ name, value, path, component }: Keyword, text: string): string {
  return `${defined(name).statement(value, { owner: wordsOf(component), path, text })}.`;
}

/** The defect of a value that violates a keyword, as a phrase after "a body" or similar. */
export function violationOf({ name, value, path, component }: Keyword): string {
  const text = path === '' ? 'that' : `whose ${path}`;
  return defined(name).violation(value, { owner: wordsOf(component), path, text });
}

function defined(name: string): KeywordDefinition {
  const definition = definitionOf(name);
  if (definition === undefined) throw new TypeError(`${name} is not a known keyword`);
  return definition;
}
