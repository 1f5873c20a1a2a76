import type { Redactor } from './redactor.ts';

/** The content type of token requests: some endpoints refuse one that names a charset. */
export const FORM = 'application/x-www-form-urlencoded';

/** Fields of a form: `null` leaves a usual one out, a list repeats it. */
export type FormFields = Readonly<Record<string, string | null | readonly string[]>>;

/** The form of a request by client credentials (RFC 6749 §4.4.2, §2.3.1), with some fields changed. */
export function tokenForm(
  client: { readonly clientId: string; readonly clientSecret: string },
  scopes: readonly string[],
  changes: FormFields = {},
): URLSearchParams {
  const form = new URLSearchParams();
  const fields: FormFields = {
    client_id: client.clientId,
    client_secret: client.clientSecret,
    grant_type: 'client_credentials',
    scope: scopes.join(' '),
    ...changes,
  };
  for (const [name, value] of Object.entries(fields))
    for (const one of value === null ? [] : typeof value === 'string' ? [value] : value) form.append(name, one);
  return form;
}

/** What may be a token in the answer of a token endpoint, whatever the rest of it looks like. */
const TOKEN = /"[^"]*token"\s*:\s*[[{]?\s*"((?:[^"\\]|\\.)+)"/gi;
/** A text this short hides nothing, and would be found everywhere. */
const TOO_SHORT = 6;

/** Makes every token in an answer known to the redactor, before the answer is recorded; `name` is what stands for it. */
export function hideTokens(redactor: Redactor, text: string, name: string): void {
  for (const [, value = ''] of text.matchAll(TOKEN))
    if (value.length >= TOO_SHORT) redactor.add(unescaped(value), name);
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

/** `TOKEN_ACCOUNTS_READ`, as a variable of a shell. */
export const tokenName = (scopes: string) =>
  `TOKEN_${scopes.replaceAll(/[^a-z]+/gi, '_').toUpperCase()}`.replace(/_+$/, '');
