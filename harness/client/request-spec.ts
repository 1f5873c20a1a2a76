import type { Credential } from '../contract/security.ts';
import type { FormFields } from './credentials.ts';
import type { SignatureFlaw } from './signer.ts';

/** A request as a case describes it, before the client adds URL, token and signature. */
export interface RequestSpec {
  /** Name of an operation of the contract, or a method and path that it does not declare. */
  readonly operation: string | { readonly method: string; readonly path: string };
  readonly caller: { readonly title: string; readonly credential: Credential };
  readonly path?: Readonly<Record<string, string>>;
  /** A list repeats the parameter. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Added to the default headers; `null` removes a default header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent verbatim in place of `body`. */
  readonly rawBody?: string;
  /** For the token endpoint: changes to the form with the client's credentials, which no case sees. */
  readonly form?: FormFields;
  /** Alters the secret in the form; each number selects another way. */
  readonly alteredSecret?: number;
  /** Sends the form as JSON. */
  readonly formAsJson?: boolean;
  /** A defect of the signature; ignored if this process does not sign. */
  readonly signature?: SignatureFlaw;
}

/**
 * A query with one text per parameter. The values of a repeated one are joined with commas, which no check can mistake
 * for a valid value.
 */
export const singleQuery = (query: RequestSpec['query'] = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : value.join(',')]),
  );
