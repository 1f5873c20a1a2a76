import { readContract } from '../contract/index.ts';
import { readScopes } from '../contract/operations.ts';
import { exit, settingsOrExit } from './environment.ts';
import { connect } from './run.ts';

/**
 * `npm run token -- SCOPE...`: prints an access token of the target of the settings, for a `curl` of a report.
 * Ends with 2 where there is none to be had.
 */

const scopes = process.argv.slice(2).flatMap((word) => word.split(/[\s,]+/).filter((scope) => scope !== ''));
const settings = settingsOrExit();
const contract = await readContract(settings.contract, settings.contractVersion);
if (scopes.length === 0)
  exit(`Which scopes? npm run token -- SCOPE...; the contract knows ${readScopes(contract.doc).join(', ')}`);
if (settings.baseUrl === undefined)
  exit('The embedded reference is there during a run only: npm run reference serves it, and prints its settings.');
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
