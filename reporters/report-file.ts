import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TestResult } from '@playwright/test/reporter';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { CaseResult } from '../harness/case.ts';
import type { Exchange } from '../harness/exchange.ts';
import type { Left } from '../harness/run/footprint.ts';
import type { RunFacts } from './facts.ts';
import { schema } from './schema/document.ts';
import type { Report } from './schema/report.ts';
import { oneLine, safeJson } from './text.ts';

const ajv = new Ajv2020({ allErrors: false, strict: true, strictRequired: false, allowUnionTypes: true });
ajv.addSchema(schema);

/** A type guard for a part of the schema, compiled on first use. Leaves the reason for a refusal in {@link problem}. */
function guard<T>(part: string): (value: unknown) => value is T {
  let validate: ValidateFunction<T> | undefined;
  return (value): value is T => {
    validate ??= ajv.compile<T>({ $ref: `${schema.$id}${part}` });
    if (validate(value)) return true;
    problem = described(validate.errors?.[0]);
    return false;
  };
}

let problem = '';
const described = (error: ErrorObject | undefined) =>
  error === undefined
    ? 'unknown'
    : oneLine(`${error.instancePath || 'the document'} ${error.message ?? ''} ${JSON.stringify(error.params)}`);

const isReport = guard<Report>('');
const isCaseResult = guard<CaseResult>('#/$defs/caseResult');
export const isFacts = guard<RunFacts>('#/$defs/facts');
export const isFootprint = guard<Left>('#/$defs/footprint');
export const areExchanges = guard<readonly Exchange[]>('#/$defs/exchanges');

/** The result that a test attached as evidence; `undefined` if there is none. @throws {NotAReport} if it is invalid. */
export function evidenceOf({ attachments }: Pick<TestResult, 'attachments'>): CaseResult | undefined {
  const body = attachments.find(({ name }) => name === 'evidence')?.body;
  if (body === undefined) return undefined;
  const known = read.get(body);
  if (known !== undefined) return known;
  const value: unknown = JSON.parse(body.toString('utf8'));
  if (!isCaseResult(value)) throw new NotAReport(`the evidence cannot be read: ${problem}`);
  read.set(body, value);
  return value;
}

const read = new WeakMap<Buffer, CaseResult>();

/** A file or a value is not a valid conformance report. */
export class NotAReport extends Error {
  override readonly name = 'NotAReport';
}

/** Reads a report. @throws {NotAReport} if the file cannot be read, is truncated, or is no report. */
export function readReport(path: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new NotAReport(`${path} cannot be read: ${oneLine(error instanceof Error ? error.message : String(error))}`);
  }
  return checkedReport(value, path);
}

/** The value as a report, if it matches the schema. @throws {NotAReport} otherwise. */
export function checkedReport(value: unknown, name = 'the report'): Report {
  if (isReport(value)) return value;
  throw new NotAReport(`${name} is not a conformance report of this version: ${problem}`);
}

/** Writes a report atomically. @throws {NotAReport} if it does not match the schema. */
export function writeReport(path: string, report: Report): void {
  const text = reportText(report);
  checkedReport(JSON.parse(text), path);
  writeWhole(path, text);
}

/** Writes a file atomically: readers see the old content or the new, never a part. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}

/** The report as JSON, with one line for each exchange and for the evidence of each requirement, and `complete` last. */
export function reportText({ evidence, exchanges, complete, ...rest }: Report): string {
  const lines = (items: readonly string[]) =>
    items.map((item) => `\n    ${item}`).join(',') + (items.length > 0 ? '\n  ' : '');
  const behind = lines(Object.entries(evidence).map(([id, one]) => `${safeJson(id)}: ${safeJson(one)}`));
  const asked = lines(exchanges.map((exchange) => safeJson(exchange)));
  return `${safeJson(rest, 2).slice(0, -2)},\n  "evidence": {${behind}},\n  "exchanges": [${asked}],\n  "complete": ${complete}\n}\n`;
}
