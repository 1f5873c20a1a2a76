import type { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE_TIME =
  /^\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 9562 §4, hyphenated, in either case. The library's format also takes `urn:uuid:`. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** RFC 3339 §5.6 `date-time` with a day that exists. The library's format also takes a space for T and `+0200`. */
export function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** The formats that the contract may use; any other is refused with the document. */
export const FORMATS = ['uuid', 'date-time', 'uri-reference'];

/** Teaches the validator these formats, and no looser ones. */
export function addStrictFormats(ajv: Ajv2020): void {
  addFormats.default(ajv, ['uri-reference']);
  ajv.addFormat('uuid', isUuid);
  ajv.addFormat('date-time', isDateTime);
}
