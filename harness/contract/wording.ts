import type { Keyword } from './keywords.ts';

/** `ListMeta` as `list-meta`. */
export const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

/** The id of the requirement that a keyword makes. */
export function slug(prefix: string, place: string, keyword: Keyword): string {
  return [prefix, place, keyword.path, keyword.name].filter((part) => part !== '').join('.');
}

function subject(title: string, keyword: Keyword): string {
  return keyword.path === '' ? title : `\`${keyword.path}\` of ${title}`;
}

/** `AccessToken` as `an access token`. */
function withArticle(component: string): string {
  const words = kebab(component).replaceAll('-', ' ');
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** The promise that a keyword makes, in words. */
export function right(keyword: Keyword): string {
  const what = subject(withArticle(keyword.component), keyword).replace(
    /^an? /,
    (article) => article[0]?.toUpperCase() + article.slice(1),
  );
  switch (keyword.name) {
    case 'required':
      return `Every ${kebab(keyword.component).replaceAll('-', ' ')} has \`${keyword.path}\`.`;
    case 'additionalProperties':
      return `${what} has documented members only.`;
    case 'type':
      return `${what} is of type ${String(keyword.value)}.`;
    case 'enum':
      return `${what} is one of ${list(keyword.value)}.`;
    case 'format':
      return `${what} is a ${String(keyword.value)}.`;
    case 'pattern':
      return `${what} matches ${String(keyword.value)}.`;
    case 'minLength':
      return `${what} has at least ${characters(keyword.value)}.`;
    case 'maxLength':
      return `${what} has at most ${characters(keyword.value)}.`;
    default:
      return `${what} keeps ${keyword.name} ${String(keyword.value)}.`;
  }
}

/** What is wrong with a value that violates a keyword, in words. */
export function wrong(keyword: Keyword): string {
  const what = keyword.path === '' ? 'that' : `whose ${keyword.path}`;
  switch (keyword.name) {
    case 'required':
      return `without ${keyword.path}`;
    case 'additionalProperties':
      return 'with members that are not documented';
    case 'type':
      return `${what} is not of type ${String(keyword.value)}`;
    case 'enum':
      return `${what} is none of ${list(keyword.value)}`;
    case 'format':
      return `${what} is not a ${String(keyword.value)}`;
    case 'pattern':
      return `${what} does not match its pattern`;
    case 'minLength':
      return `${what} has fewer than ${characters(keyword.value)}`;
    case 'maxLength':
      return `${what} has more than ${characters(keyword.value)}`;
    default:
      return `${what} breaks its ${keyword.name} of ${String(keyword.value)}`;
  }
}

const characters = (count: unknown) => `${String(count)} character${count === 1 ? '' : 's'}`;

const list = (value: unknown) => (Array.isArray(value) ? value.join(', ') : String(value));
