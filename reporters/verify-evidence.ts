import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UnusableEvidence, verifyEvidence } from './verification.ts';

/**
 * `npm run verify-evidence -- DIR [--key public.pem]`: are the artifacts in DIR (`.`: here) what the run has left?
 * Ends with 0 where all are, 1 where one is changed, missing or added, 2 where there is nothing to go by.
 */
function main(args: string[]): number {
  try {
    const { values, positionals } = parseArgs({ args, options: { key: { type: 'string' } }, allowPositionals: true });
    if (positionals.length > 1) throw new UnusableEvidence('one folder only, please');
    const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
    const { problems, artifacts, signature } = verifyEvidence(positionals[0] ?? '.', key);
    for (const problem of problems) process.stdout.write(`${problem}\n`);
    const count = problems.length === 0 ? 'all as the run left them' : `${problems.length} problems`;
    process.stdout.write(`${artifacts} artifacts: ${count}; signature: ${signature}\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
