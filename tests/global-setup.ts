import { settingsOrExit } from '../harness/environment.ts';
import { RUN_TARGET } from '../harness/run.ts';
import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';

/** Starts the reference where no other target is named; returns how to stop it. */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  if (settingsOrExit().baseUrl !== undefined) return undefined;
  const { url, close } = await serveReference(createReference().fetch);
  const { clientId, clientSecret } = REFERENCE_DEFAULTS;
  process.env[RUN_TARGET] = JSON.stringify({ baseUrl: url, tokenUrl: `${url}/auth/token`, clientId, clientSecret });
  return close;
}
