import type { Redactor } from './redactor.ts';

/** The content type of token requests, without a charset, because some endpoints refuse one. */
export const FORM = 'application/x-www-form-urlencoded';

/** Changes to the default fields of a form: `null` omits a field, a list repeats it. */
export type FormFields = Readonly<Record<string, string | null | readonly string[]>>;

/** The form of a client credentials request (RFC 6749 §4.4.2, §2.3.1), with changes. */
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

/** Matches possible tokens in the answer of a token endpoint, even if the answer is malformed. */
const TOKEN = /"[^"]*token"\s*:\s*[[{]?\s*"((?:[^"\\]|\\.)+)"/gi;
/** A shorter text is no secret worth hiding, and redacting it would mangle unrelated text. */
const TOO_SHORT = 6;

/** Registers every token in an answer with the redactor, under `name`. Call before the answer is recorded. */
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

/** The shell variable for a token with these scopes, such as `TOKEN_ACCOUNTS_READ`. */
export const tokenName = (scopes: string) =>
  `TOKEN_${scopes.replaceAll(/[^a-z]+/gi, '_').toUpperCase()}`.replace(/_+$/, '');
