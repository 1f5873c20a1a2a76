import type { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** RFC 9562 §4, hyphenated, in either case. The library's format also takes `urn:uuid:`. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** RFC 3339 §5.6 `date-time` with a day that exists. The library's format also takes a space for T and `+0200`. */
export function isDateTime(text: string): boolean {
  const [, year, month, day] = (DATE_TIME.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The formats that the contract may use; any other is refused with the document. */
export const FORMATS = ['uuid', 'date-time', 'uri-reference'];

/** Teaches the validator these formats, and no looser ones. */
export function addStrictFormats(ajv: Ajv2020): void {
  addFormats.default(ajv, ['uri-reference']);
  ajv.addFormat('uuid', isUuid);
  ajv.addFormat('date-time', isDateTime);
}
