import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import { type Case, type CaseResult, EXCLUDED } from './case.ts';
import type { Finding } from './checks/finding.ts';
import { ContractError, loadContract, readContract } from './contract/index.ts';
import type { Exchange } from './exchange.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const DOCUMENT = join(ROOT, 'spec/account-groups.openapi.yaml');
export const contract = await readContract(DOCUMENT);
const honest: unknown = await SwaggerParser.parse(DOCUMENT);

type Json = Record<string, unknown>;

/** Asserts that a value is an object. */
export function object(value: unknown): Json {
  assert.ok(typeof value === 'object' && value !== null, `not an object: ${String(value)}`);
  return value as Json;
}

/** Asserts that a value is defined. */
export function present<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

const directory = mkdtempSync(join(tmpdir(), 'harness-test-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** Writes a file that is deleted after the tests; returns its path. */
export function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** Writes the real document with other values at the given pointers (`undefined` removes) as JSON; returns its path. */
export function variant(edits: Readonly<Record<string, unknown>>): string {
  const root = structuredClone(honest);
  for (const [pointer, value] of Object.entries(edits)) {
    const keys = pointer
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = present(keys.pop());
    const owner = keys.reduce((at, key) => object(at[key]), object(root));
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return file(`${randomUUID()}.json`, JSON.stringify(root));
}

/** The error with which a document is refused. */
export async function refusal(path: string): Promise<ContractError> {
  const error = await loadContract(path).then(
    () => assert.fail(`${path} was loaded`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof ContractError, `refused with another error: ${String(error)}`);
  return error;
}

let moment = 0;

/** What differs from an ordinary exchange. */
export interface Sketch {
  readonly operation?: string | undefined;
  readonly method?: string;
  readonly url?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly asked?: Readonly<Record<string, string>>;
  readonly sent?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is the body itself, any other value is sent as JSON; `undefined`: no body. */
  readonly body?: unknown;
  readonly began?: number;
  readonly ended?: number;
  readonly endedAt?: number;
}

/** A made-up exchange. Unless the sketch says otherwise, it follows all earlier ones. */
export function exchange(sketch: Sketch = {}): Exchange {
  const { status = 200, endedAt = Date.UTC(2026, 0, 1), body } = sketch;
  const operation = 'operation' in sketch ? sketch.operation : 'retrieve';
  const declared = contract.operations.find(({ name }) => name === operation);
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const began = sketch.began ?? moment++;
  const headers = {
    'upvest-request-id': randomUUID(),
    'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
    ...sketch.headers,
  };
  return {
    id: `x${randomUUID()}`,
    operation,
    caller: 'with every scope',
    request: {
      method: sketch.method ?? declared?.method ?? 'GET',
      url: sketch.url ?? `http://target.test${declared?.path ?? '/'}`,
      query: sketch.query ?? {},
      headers: Object.entries(sketch.asked ?? {}),
      body: sketch.sent,
    },
    response: {
      status,
      headers: Object.entries(headers).filter(([, value]) => value !== ''),
      body: text,
      bytes: Buffer.byteLength(text),
      json: parsed(text),
    },
    began,
    ended: sketch.ended ?? moment++,
    startedAt: endedAt,
    endedAt,
  };
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A group that conforms to the contract. */
export function group(changes: Json = {}): Json {
  return {
    id: randomUUID(),
    created_at: '2025-06-01T00:00:00Z',
    updated_at: '2025-06-01T00:00:00Z',
    users: [{ id: randomUUID(), type: 'OWNER' }],
    status: 'ACTIVE',
    type: 'PERSONAL',
    securities_account_number: String(100_000_000 + moment++),
    ...changes,
  };
}

/** Sorted ids of the violated requirements. */
export function broken(findings: readonly Finding[]): string[] {
  return [
    ...new Set(findings.filter(({ violations }) => violations.length > 0).map(({ requirement }) => requirement)),
  ].sort();
}

/** Ids of the judged requirements. */
export function judgedIn(findings: readonly Finding[]): string[] {
  return findings.map(({ requirement }) => requirement);
}

/** A case that sends nothing by default; {@link resultOf} makes its result. */
export function caseOf(id: string, covers: readonly string[], run: Case['run'] = async () => undefined): Case {
  return { id, area: 'responses', title: `the case ${id}`, covers, writes: false, run };
}

/** The result of a case: `judged` maps each judged requirement to its violations. */
export function resultOf(
  id: string,
  shown: {
    readonly judged?: Readonly<Record<string, readonly string[]>>;
    readonly exchanges?: readonly Exchange[];
    readonly blocked?: Readonly<Record<string, string>>;
    readonly off?: readonly string[];
    readonly error?: string;
  } = {},
): CaseResult {
  const exchanges = shown.exchanges ?? [];
  const ids = exchanges.length > 0 ? exchanges.map((one) => one.id) : ['x1'];
  return {
    case: id,
    exchanges,
    findings: Object.fromEntries(
      Object.entries(shown.judged ?? {}).map(([requirement, seen]) => [
        requirement,
        { exchanges: ids, violations: seen.map((text) => ({ seen: text, exchanges: ids })) },
      ]),
    ),
    blocked: shown.blocked ?? {},
    excluded: Object.fromEntries((shown.off ?? []).map((requirement) => [requirement, 'writes-off' as const])),
    error: shown.error,
  };
}

export const WRITES_OFF = EXCLUDED['writes-off'];
