import { readContract } from '../contract/index.ts';
import { readScopes } from '../contract/operations.ts';
import { exit, settingsOrExit } from './environment.ts';
import { connect } from './run.ts';

/**
 * `npm run token -- SCOPE...`: prints an access token for the configured target, to use with a `curl` command of a report.
 * Exits with 2 if it gets none.
 */

const scopes = process.argv.slice(2).flatMap((word) => word.split(/[\s,]+/).filter((scope) => scope !== ''));
const settings = settingsOrExit();
const contract = await readContract(settings.contract, settings.contractVersion);
if (scopes.length === 0)
  exit(`No scope given. Usage: npm run token -- SCOPE...; the contract uses ${readScopes(contract.doc).join(', ')}`);
if (settings.baseUrl === undefined)
  exit(
    'The embedded reference only exists during a run. `npm run reference` serves it and prints the settings for it.',
  );
const { client, redactor, close } = await connect(contract, settings, 't');
try {
  const { value } = await client.token(scopes);
  process.stdout.write(`${value}\n`);
} catch (error) {
  process.stderr.write(`${redactor.redact(error instanceof Error ? error.message : String(error))}\n`);
  process.exitCode = 2;
} finally {
  await close();
}
