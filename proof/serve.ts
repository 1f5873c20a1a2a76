import { parseArgs } from 'node:util';
import { readContract } from '../harness/contract/index.ts';
import { SEED } from '../harness/contract/versions.ts';
import { OWN_DOCUMENT } from '../harness/package.ts';
import { REFERENCE_DEFAULTS } from '../reference/app.ts';
import { VERSIONS } from '../reference/editions.ts';
import { serveReference } from '../reference/serve.ts';
import { catalogue } from './catalogue.ts';
import { compose } from './pairs.ts';
import { targetWith } from './serving.ts';

/**
 * `npm run reference -- [--port N] [--latency MS] [--version X.Y] [--fault ID | --variant ID...]`: serves the reference at
 * one of the vendor's versions, with a fault or with conforming variants, until interrupted.
 */

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function whole(name: string, value: string | undefined): number {
  if (value === undefined) return 0;
  if (!/^\d{1,5}$/.test(value)) fail(`--${name} takes a whole number, not ${JSON.stringify(value)}`);
  return Number(value);
}

function readArguments() {
  const text = { type: 'string' } as const;
  const options = {
    port: text,
    latency: text,
    version: text,
    fault: text,
    variant: { type: 'string', multiple: true },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The item with this id. Without one, exits with those whose ids contain it. */
function chosen<T extends { readonly id: string }>(
  kind: string,
  all: readonly T[],
  id: string,
  sentenceOf: (one: T) => string,
): T {
  const found = all.find((one) => one.id === id);
  if (found !== undefined) return found;
  const near = all.filter((one) => one.id.includes(id));
  const listed = (near.length > 0 ? near : all).map((one) => `  ${one.id}: ${sentenceOf(one)}`);
  return fail(`there is no ${kind} ${JSON.stringify(id)}; use one of\n${listed.join('\n')}`);
}

const { port, latency, version = SEED, fault: faultId, variant: variantIds = [] } = readArguments();
if (faultId !== undefined && variantIds.length > 0)
  fail('a target either has a fault or conforms: pass --fault or --variant, not both');
if (!VERSIONS.includes(version)) fail(`there is no version ${version}; use one of ${VERSIONS.join(', ')}`);
const contract = await readContract(OWN_DOCUMENT, version);
const clock = { now: () => Date.now(), contract };
const { faults, variants } =
  faultId === undefined && variantIds.length === 0 ? { faults: [], variants: [] } : catalogue(contract);
const fault = faultId === undefined ? undefined : chosen('fault', faults, faultId, ({ statement }) => statement);
const variant = compose(variantIds.map((id) => chosen('variant', variants, id, ({ difference }) => difference)));
if (fault !== undefined) {
  const { statement, breaks, breaksOneOf = [] } = fault;
  const must = [...breaks, ...(breaksOneOf.length > 0 ? [`one of ${breaksOneOf.join(', ')}`] : [])];
  process.stdout.write(`${statement}\nMust break: ${must.join(', ')}\n`);
}
if (variantIds.length > 0) process.stdout.write(`${variant.difference}\nMust break nothing.\n`);

const { fetch, settings } = targetWith(fault ?? variant, clock);
const { url } = await serveReference(fetch, { port: whole('port', port), latencyMs: whole('latency', latency) }).catch(
  (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
);
const { clientId, clientSecret } = REFERENCE_DEFAULTS;
process.stdout.write(
  `BASE_URL=${url} CLIENT_ID=${clientId} CLIENT_SECRET=${clientSecret}${settings.map((setting) => ` ${setting}`).join('')}\n`,
);
