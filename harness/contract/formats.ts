import type { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats, { type FormatName } from 'ajv-formats';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE_TIME =
  /^\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 9562 §4, hyphenated, in either case. Stricter than ajv-formats, which also accepts `urn:uuid:`. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * RFC 3339 §5.6 `date-time` with an existing day. Stricter than ajv-formats, which also accepts a space for T, and
 * `+0200`.
 */
export function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** A format that strings are validated by. */
interface Format {
  readonly name: FormatName;
  /** Our own check, if that of ajv-formats is too loose. */
  readonly isKept?: (text: string) => boolean;
  /** Candidates for invalid strings, close to a valid one. */
  readonly near: (valid: string) => readonly string[];
  /** Equivalent spellings. */
  readonly spellings?: (usual: string) => readonly string[];
}

/** The validated formats. All others are annotations, the default of JSON Schema. */
const FORMATS: readonly Format[] = [
  {
    name: 'uuid',
    isKept: isUuid,
    near: (valid) => ['not-a-uuid', valid.slice(0, -1), valid.replaceAll('-', '_'), ''],
    // RFC 9562 §4.
    spellings: (usual) => [usual, usual.toUpperCase(), inMixedCase(usual)],
  },
  {
    name: 'date-time',
    isKept: isDateTime,
    near: (valid) => [
      valid.replace(/[Tt]/, ' '),
      valid.slice(0, 10),
      valid.replace(/[Zz]$/, ''),
      valid.replace(/-\d\d-\d\d/, '-02-30'),
    ],
  },
  { name: 'date', near: (valid) => [valid.replaceAll('-', '/'), valid.replace(/-\d\d-\d\d$/, '-02-30'), '2026-1-1'] },
  { name: 'duration', near: () => ['P', '1 day'] },
  { name: 'uri-reference', near: () => ['not a uri', '<html>'] },
  { name: 'uri', near: (valid) => [valid.replace(/^[^:]*:/, ''), 'not a uri'] },
  { name: 'email', near: () => ['nobody', '@example.com'] },
  { name: 'hostname', near: () => ['-not-a-host-', 'not a host'] },
  { name: 'ipv4', near: () => ['256.0.0.1', '1.2.3'] },
  { name: 'ipv6', near: () => [':::1', '1.2.3.4'] },
];

function inMixedCase(text: string): string {
  return [...text].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter.toLowerCase())).join('');
}

/** Registers these formats with the validator. */
export function addStrictFormats(ajv: Ajv2020): void {
  addFormats.default(
    ajv,
    FORMATS.map(({ name }) => name),
  );
  for (const { name, isKept } of FORMATS) if (isKept !== undefined) ajv.addFormat(name, isKept);
}

/** True for a validated format. */
export const isJudged = (name: unknown): boolean => FORMATS.some((format) => format.name === name);

/** Strings close to a valid one that do not have the format. */
export function notOfFormat(name: unknown, valid: string): string[] {
  const format = FORMATS.find((one) => one.name === name);
  return format === undefined ? [] : format.near(valid).filter((text) => !isOfFormat(format, text));
}

/** Equivalent spellings of a string, itself first; empty if the format has only one. */
export function spellingsOf(name: unknown, usual: string): readonly string[] {
  return FORMATS.find((format) => format.name === name)?.spellings?.(usual) ?? [];
}

function isOfFormat({ name, isKept }: Format, text: string): boolean {
  if (isKept !== undefined) return isKept(text);
  const known = addFormats.default.get(name);
  const check = typeof known === 'object' && 'validate' in known ? known.validate : known;
  if (check instanceof RegExp) return check.test(text);
  return typeof check !== 'function' || Boolean(Reflect.apply(check, undefined, [text]));
}
