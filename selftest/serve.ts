import { parseArgs } from 'node:util';
import { readContract } from '../harness/contract/index.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { postOverHttp } from '../reference/post.ts';
import { serveReference } from '../reference/serve.ts';
import { postThrough, signAsVendor, signerAt } from './delivering.ts';
import { allFaults } from './faults/index.ts';
import type { Fault } from './faults/lie.ts';

/** `npm run reference [-- --port N] [-- --latency MS] [-- --fault ID]`: serves the reference, or a lie before it, until interrupted. */

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
  try {
    return parseArgs({ options: { port: { type: 'string' }, latency: { type: 'string' }, fault: { type: 'string' } } })
      .values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { port, latency, fault: wanted } = readArguments();
const clock = { now: () => Date.now() };
let fault: Fault | undefined;
if (wanted !== undefined) {
  const faults = allFaults(await readContract('spec/account-groups.openapi.yaml'));
  fault = faults.find(({ id }) => id === wanted);
  if (fault === undefined)
    fail(
      `there is no fault ${JSON.stringify(wanted)}; there are:\n${faults.map(({ id, lie }) => `  ${id}: ${lie}`).join('\n')}`,
    );
  process.stdout.write(`${fault.lie}\nMust break: ${fault.breaks.join(', ')}\n`);
}
signAsVendor();
const reference = createReference({
  post: postThrough(postOverHttp, clock, fault ?? {}),
  verifyKeys: [signerAt(clock.now).verifyKey],
});
const fetch = fault?.tell(reference.fetch, clock) ?? reference.fetch;
const { url } = await serveReference(fetch, { port: whole('port', port), latencyMs: whole('latency', latency) }).catch(
  (error: unknown) => fail(error instanceof Error ? error.message : String(error)),
);
const { clientId, clientSecret } = REFERENCE_DEFAULTS;
process.stdout.write(`BASE_URL=${url} CLIENT_ID=${clientId} CLIENT_SECRET=${clientSecret}\n`);
