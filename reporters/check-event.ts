import { EXIT_UNUSABLE } from '../harness/run/environment.ts';
import { checkEvents } from './event-check.ts';

/**
 * `npm run check-event -- [--versions] FILE...` (or standard input): judges recorded bodies of deliveries by the contract. A file may
 * hold several, one after the other or one on each line.
 * `--versions` also prints how they fit each version of the contract.
 * Ends with 0 where they keep it, 1 where one breaks it, 2 where one cannot be read or there is no event in them.
 * The report shows nothing else and is therefore never more than `incomplete`.
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
