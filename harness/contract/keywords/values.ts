import type { InstanceType } from './definition.ts';

export function typeOf(value: unknown): InstanceType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object';
}

/** True for equal JSON values; the order of members does not matter. */
export function isSame(left: unknown, right: unknown): boolean {
  return canonical(left) === canonical(right);
}

const canonical = (value: unknown) =>
  JSON.stringify(value, (_, part: unknown) =>
    typeOf(part) === 'object'
      ? Object.fromEntries(Object.entries(Object(part)).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Values of the same type as a valid one that are not listed. */
export function unlisted(listed: readonly unknown[], valid: unknown): unknown[] {
  const usual = valid === undefined ? listed[0] : valid;
  const candidates =
    typeof usual === 'string'
      ? ['UNDOCUMENTED', usual.toLowerCase(), usual.toUpperCase(), '']
      : typeof usual === 'number'
        ? [Math.max(...listed.filter((one) => typeof one === 'number'), usual) + 1]
        : typeof usual === 'boolean'
          ? [!usual]
          : [];
  return candidates.filter((candidate) => !listed.some((one) => isSame(one, candidate)));
}

/** A count with its noun. */
export const counted = (count: unknown, noun: string) => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A value as it is written in a sentence. */
export const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `ListMeta` as `list-meta`. */
export const kebab = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
