import { answer, intercepting, isJson, type Json, refused } from '../faults/fault.ts';
import { formOf, isGranted, isToken } from '../faults/tokens.ts';
import type { Variant } from './index.ts';

/** Conforming differences in the token endpoint. */

const granted = (change: (body: Json) => void) => answer(isGranted, ({ body }) => void (isJson(body) && change(body)));
const refusedWith = (status: number): Variant => ({
  id: `token-refusals-${status}`,
  aspect: 'refused tokens',
  difference: `Invalid token requests are answered with ${status}.`,
  intercept: answer(
    (asked, answered) => isToken(asked) && answered.status >= 400 && ![429, 503].includes(answered.status),
    refused(status),
  ),
});

export const tokenVariants: readonly Variant[] = [
  refusedWith(400),
  refusedWith(401),
  refusedWith(403),
  {
    id: 'token-type-capital',
    difference: 'The token type is Bearer, with a capital letter.',
    intercept: granted((body) => void (body.token_type = 'Bearer')),
  },
  {
    id: 'token-scopes-turned-round',
    difference: 'The scopes of a token are in reverse order.',
    intercept: granted((body) => void (body.scope = String(body.scope).split(' ').reverse().join(' '))),
  },
  {
    id: 'token-lenient',
    difference: 'The token endpoint ignores unknown and repeated fields and Accept, and accepts credentials as JSON.',
    intercept: intercepting(() => async (asked, forward) => {
      if (!isToken(asked)) return forward();
      const fields = isJson(asked.json) && 'client_id' in asked.json ? asked.json : Object.fromEntries(formOf(asked));
      const form = new URLSearchParams();
      for (const name of ['client_id', 'client_secret', 'grant_type', 'scope'])
        if (typeof fields[name] === 'string') form.set(name, fields[name]);
      const headers = new Headers(asked.headers);
      headers.set('content-type', 'application/x-www-form-urlencoded');
      headers.delete('accept');
      return forward({ ...asked, headers, text: form.toString() });
    }),
  },
  {
    id: 'token-by-client-id-header',
    difference: 'The token endpoint ignores the client id header, and sends additional cache directives.',
    intercept: intercepting(() => async (asked, forward) => {
      if (isToken(asked)) asked.headers.delete('upvest-client-id');
      const answered = await forward();
      if (isToken(asked) && answered.status === 200)
        answered.headers.set('cache-control', 'private, no-store,max-age=0');
      return answered;
    }),
  },
  {
    id: 'one-token-for-all',
    difference: 'Requests for the same scopes get the same token until it expires.',
    reference: { tokenLifetimeSeconds: 3600 },
    intercept: intercepting(() => {
      const known = new Map<string, Json>();
      return async (asked, forward) => {
        const answered = await forward();
        if (!isToken(asked) || answered.status !== 200 || !isJson(answered.body)) return answered;
        const scope = String(answered.body.scope);
        const first = known.get(scope) ?? answered.body;
        known.set(scope, first);
        answered.body.access_token = first.access_token;
        return answered;
      };
    }),
  },
];
