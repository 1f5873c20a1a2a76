import { createReference, REFERENCE_DEFAULTS } from '../reference/app.ts';
import { serveReference } from '../reference/serve.ts';

/** Serves a target that issues tokens and creates users, and answers everything else with 418: every test fails. */

const SERVED = ['/auth/token', '/users'];

const reference = createReference();
const { url } = await serveReference(async (request) =>
  SERVED.includes(new URL(request.url).pathname)
    ? reference.fetch(request)
    : new Response('{"teapot":true}', { status: 418, headers: { 'content-type': 'application/json' } }),
);
const { clientId, clientSecret } = REFERENCE_DEFAULTS;
process.stdout.write(`BASE_URL=${url} CLIENT_ID=${clientId} CLIENT_SECRET=${clientSecret}\n`);
