import { EXIT_UNUSABLE } from '../harness/run/environment.ts';
import { checkEvents } from './event-check.ts';

/**
 * `npm run check-event -- [--versions] FILE...` (default: standard input): judges recorded bodies of deliveries by the
 * contract. A file may contain several bodies, concatenated or one per line.
 * `--versions` also prints how they fit each version of the contract.
 * Exit codes: 0, the events keep the contract; 1, one violates it; 2, a file cannot be read, or contains no event.
 * The report covers nothing else, so its verdict is never better than `incomplete`.
 */

try {
  process.exitCode = await checkEvents(process.argv.slice(2), {
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT_UNUSABLE;
}
