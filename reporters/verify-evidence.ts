import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Delivery } from './manifest.ts';
import { deliveriesIn, UnusableEvidence, type Verification, verifyEvidence } from './verification.ts';

/**
 * `npm run verify-evidence -- DIR [--key public.pem]`: are the artifacts in DIR (`.`: here) what the run has left, and
 * who says so?
 * Ends with 0 where they are, by the word of this key; 1 where one is changed, missing or added, or the key is another;
 * 2 where there is nothing to go by; 3 where all is consistent with itself, and nobody vouches for it.
 */
const EXIT = { authentic: 0, broken: 1, unusable: 2, consistent: 3 } as const;

function told({ problems, artifacts, signature, keyId }: Verification, { manifest }: Delivery): string {
  const count =
    problems.length === 0
      ? 'consistent with each other and with the report'
      : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  return `${manifest}: ${artifacts} artifacts, ${count}; ${SIGNED[signature](keyId ?? 'without a name')}`;
}

const SIGNED: Readonly<Record<Verification['signature'], (key: string) => string>> = {
  good: (key) => `signed by this key (${key})`,
  bad: (key) => `it names the key ${key}`,
  'not checked': (key) => `not authenticated: it names the key ${key}, which --key public.pem would check`,
  none: () => 'not authenticated: it is not signed',
};

function main(args: string[]): number {
  try {
    const { values, positionals } = parseArgs({ args, options: { key: { type: 'string' } }, allowPositionals: true });
    if (positionals.length > 1) throw new UnusableEvidence('one folder only, please');
    const [root = '.'] = positionals;
    const key = values.key === undefined ? undefined : readFileSync(values.key, 'utf8');
    const codes = deliveriesIn(root).map((delivery) => {
      const verification = verifyEvidence(root, key, delivery);
      for (const problem of verification.problems) process.stdout.write(`${problem}\n`);
      process.stdout.write(`${told(verification, delivery)}\n`);
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
