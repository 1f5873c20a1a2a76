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
 * `npm run reference [-- --port N] [-- --latency MS] [-- --version X.Y] [-- --fault ID] [-- --variant ID]...`: serves the
 * reference as it was at a version of the vendor's, a lie before it, or legal variations of it, until interrupted.
 * `--variant` may be given several times.
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

/** The one with this id; where there is none, those that are meant by a part of it. */
function chosen<T extends { readonly id: string }>(
  kind: string,
  all: readonly T[],
  id: string,
  told: (one: T) => string,
): T {
  const found = all.find((one) => one.id === id);
  if (found !== undefined) return found;
  const near = all.filter((one) => one.id.includes(id));
  const listed = (near.length > 0 ? near : all).map((one) => `  ${one.id}: ${told(one)}`);
  return fail(`there is no ${kind} ${JSON.stringify(id)}; there are:\n${listed.join('\n')}`);
}

const { port, latency, version = SEED, fault: faultId, variant: variantIds = [] } = readArguments();
if (faultId !== undefined && variantIds.length > 0)
  fail('a target lies or is legal: --fault and --variant exclude each other');
if (!VERSIONS.includes(version)) fail(`there is no version ${version}; there are ${VERSIONS.join(', ')}`);
const contract = await readContract(OWN_DOCUMENT, version);
const clock = { now: () => Date.now(), contract };
const { faults, variants } =
  faultId === undefined && variantIds.length === 0 ? { faults: [], variants: [] } : catalogue(contract);
const fault = faultId === undefined ? undefined : chosen('fault', faults, faultId, ({ statement: lie }) => lie);
const variant = compose(variantIds.map((id) => chosen('variant', variants, id, ({ difference }) => difference)));
if (fault !== undefined) {
  const { statement: lie, breaks, breaksOneOf = [] } = fault;
  const must = [...breaks, ...(breaksOneOf.length > 0 ? [`one of ${breaksOneOf.join(', ')}`] : [])];
  process.stdout.write(`${lie}\nMust break: ${must.join(', ')}\n`);
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
