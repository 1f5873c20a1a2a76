import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { CaseResult } from '../harness/case.ts';
import type { Left } from '../harness/footprint.ts';
import schema from './conformance.schema.json' with { type: 'json' };
import type { RunFacts } from './facts.ts';
import type { Report } from './report.ts';
import { oneLine, safeJson } from './text.ts';

const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, allowUnionTypes: true });
ajv.addSchema(schema);

/** Says whether a value is what a part of the schema describes; compiled when it is first asked for. */
function guard<T>(part: string): (value: unknown) => value is T {
  let validate: ValidateFunction<T> | undefined;
  return (value): value is T => {
    validate ??= ajv.compile<T>({ $ref: `${schema.$id}${part}` });
    if (validate(value)) return true;
    problem = told(validate.errors?.[0]);
    return false;
  };
}

let problem = '';
const told = (error: ErrorObject | undefined) =>
  error === undefined
    ? 'unknown'
    : oneLine(`${error.instancePath || 'the document'} ${error.message ?? ''} ${JSON.stringify(error.params)}`);

const isReport = guard<Report>('');
export const isCaseResult = guard<CaseResult>('#/$defs/caseResult');
export const isFacts = guard<RunFacts>('#/$defs/facts');
export const isFootprint = guard<Left>('#/$defs/footprint');

/** A file or a value is not a conformance report. */
export class NotAReport extends Error {
  override readonly name = 'NotAReport';
}

/** Reads a report. @throws {NotAReport} for anything else, and for one that was cut off. */
export function readReport(path: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new NotAReport(`${path} cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
  return checkedReport(value, path);
}

/** The value, where the schema allows it. @throws {NotAReport} otherwise. */
export function checkedReport(value: unknown, name = 'the report'): Report {
  if (isReport(value)) return value;
  throw new NotAReport(`${name} is not a conformance report of this version: ${problem}`);
}

/** Writes a report where it is valid, whole or not at all. @throws {NotAReport} */
export function writeReport(path: string, report: Report): void {
  const text = reportText(report);
  checkedReport(JSON.parse(text), path);
  writeWhole(path, text);
}

/** Writes a file so that nobody ever finds half of it. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/** The report as text: one line an exchange, the footer last. */
export function reportText({ exchanges, complete, ...rest }: Report): string {
  const lines = exchanges.map((exchange) => `\n    ${safeJson(exchange)}`).join(',');
  return `${safeJson(rest, 2).slice(0, -2)},\n  "exchanges": [${lines}${lines === '' ? '' : '\n  '}],\n  "complete": ${complete}\n}\n`;
}
