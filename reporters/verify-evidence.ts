import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Delivery } from './manifest.ts';
import { deliveriesIn, UnusableEvidence, type Verification, verifyEvidence } from './verification.ts';

/**
 * `npm run verify-evidence -- [DIR] [--key public.pem]`: verifies that the artifacts in DIR (default: the current folder)
 * are those that the run wrote, and that the manifest is signed with this key.
 * Exit codes: 0, unchanged and signed with this key; 1, changed, missing or added artifacts, or another key; 2, no usable
 * evidence; 3, consistent but not authenticated.
 */
const EXIT = { authentic: 0, broken: 1, unusable: 2, consistent: 3 } as const;

function summary({ problems, artifacts, signature, keyId }: Verification, { manifest }: Delivery): string {
  const count =
    problems.length === 0
      ? 'consistent with each other and with the report'
      : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  return `${manifest}: ${artifacts} artifacts, ${count}; ${SIGNED[signature](keyId ?? 'without an id')}`;
}

const SIGNED: Readonly<Record<Verification['signature'], (key: string) => string>> = {
  good: (key) => `signed with this key (${key})`,
  bad: (key) => `it names the key ${key}`,
  'not checked': (key) => `not authenticated: it names the key ${key}; pass --key public.pem to verify the signature`,
  none: () => 'not authenticated: it is not signed',
};

function main(args: string[]): number {
  try {
    const { values, positionals } = parseArgs({ args, options: { key: { type: 'string' } }, allowPositionals: true });
    if (positionals.length > 1)
      throw new UnusableEvidence(
        `expected one folder, got ${positionals.length}; usage: npm run verify-evidence -- [DIR] [--key public.pem]`,
      );
    const [root = '.'] = positionals;
    const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
    const codes = deliveriesIn(root).map((delivery) => {
      const verification = verifyEvidence(root, key, delivery);
      for (const problem of verification.problems) process.stdout.write(`${problem}\n`);
      process.stdout.write(`${summary(verification, delivery)}\n`);
      if (verification.problems.length > 0) return EXIT.broken;
      return verification.signature === 'good' ? EXIT.authentic : EXIT.consistent;
    });
    return codes.includes(EXIT.broken) ? EXIT.broken : Math.max(...codes);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.unusable;
  }
}

process.exitCode = main(process.argv.slice(2));
