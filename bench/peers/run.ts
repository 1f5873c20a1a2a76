import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readContract } from '../../harness/contract/index.ts';
import { catalogue } from '../../proof/catalogue.ts';
import { type Fault, intercepting } from '../../proof/faults/fault.ts';
import { compose } from '../../proof/pairs.ts';
import type { Variant } from '../../proof/variants/index.ts';
import { dredd } from './dredd.ts';
import { install } from './install.ts';
import { ourselves } from './ourselves.ts';
import type { Outcome, Peer } from './peer.ts';
import { portman } from './portman.ts';
import { respect } from './respect.ts';
import { sampleFaults, sampleVariants } from './sample.ts';
import { schemathesis } from './schemathesis.ts';
import { stepci } from './stepci.ts';
import { type Row, table, writeReadme } from './table.ts';
import { serveTarget } from './target.ts';

/**
 * `npm run bench:peers -- [--seed N] [--per-area N] [--variants N]`: runs other tools and this suite against the same
 * faults, prints a table, and writes it to the README in this folder.
 */

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({ options: { seed: text('1'), 'per-area': text('2'), variants: text('4') } });
const seed = Number(values.seed);
const contract = await readContract('spec/account-groups.openapi.yaml');
const all = catalogue(contract);
const faults = sampleFaults(all.faults, contract, seed, Number(values['per-area']));
const variants = sampleVariants(all.variants, seed, Number(values.variants));
const HONEST = compose([]);
/** The reference behind a fault that changes nothing: findings about it are not due to a fault. */
const UNCHANGED: Variant = { ...HONEST, id: 'unchanged', intercept: intercepting(() => (_, forward) => forward()) };

interface Run extends Outcome {
  readonly requests: number;
  readonly seconds: number;
}

async function once(peer: Peer, home: string, served: Fault | Variant): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'peers-'));
  const target = await serveTarget(served, contract, folder);
  try {
    const startedAt = performance.now();
    const outcome = await peer.run(target, home);
    const run = { ...outcome, requests: target.requests(), seconds: (performance.now() - startedAt) / 1000 };
    process.stderr.write(
      `${peer.name}, ${served.id}: exit code ${run.exitCode}, ${run.findings.size} findings, ${run.seconds.toFixed(1)} s\n`,
    );
    return run;
  } finally {
    await target.close();
    rmSync(folder, { recursive: true });
  }
}

/** All runs of one tool. Findings that it also has on the correct reference do not count as catching a fault. */
async function measure(peer: Peer): Promise<Row> {
  let home: string;
  try {
    home = await install(peer);
  } catch (error) {
    return { peer, problem: error instanceof Error ? error.message : String(error) };
  }
  const plain = await once(peer, home, HONEST);
  const honest = [plain, await once(peer, home, UNCHANGED)];
  const known = new Set(honest.flatMap(({ findings }) => [...findings]));
  const codes = new Set(honest.map(({ exitCode }) => exitCode));
  const fresh = ({ findings }: Outcome) => [...findings].filter((finding) => !known.has(finding));
  const differs = (run: Run) => fresh(run).length > 0 || !codes.has(run.exitCode);
  const caught = new Set<string>();
  for (const { fault } of faults) if (differs(await once(peer, home, fault))) caught.add(fault.id);
  const alarms = new Set<string>();
  for (const variant of variants) if (differs(await once(peer, home, variant))) alarms.add(variant.id);
  const least = (of: (run: Run) => number) => Math.min(...honest.map(of));
  return {
    peer,
    caught,
    alarms,
    falseFindings: [...plain.findings],
    requests: least(({ requests }) => requests),
    seconds: least(({ seconds }) => seconds),
  };
}

const rows: Row[] = [];
for (const peer of [schemathesis, portman, stepci, respect, dredd, ourselves]) rows.push(await measure(peer));
const result = table({ rows, faults, variants, seed });
process.stdout.write(result);
writeReadme(result);
