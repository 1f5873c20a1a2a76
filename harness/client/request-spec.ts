import type { Credential } from '../contract/security.ts';
import type { FormFields } from './credentials.ts';
import type { SignatureFlaw } from './signer.ts';

/** What a case wants to know from the target. */
export interface RequestSpec {
  /** Name of an operation of the contract, or a method and path that it does not declare. */
  readonly operation: string | { readonly method: string; readonly path: string };
  readonly caller: { readonly title: string; readonly credential: Credential };
  readonly path?: Readonly<Record<string, string>>;
  /** A list repeats the parameter. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** Added to the usual headers; `null` takes a usual header away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string;
  /** To the token endpoint: what is to differ from the client's own credentials, which no case sees. */
  readonly form?: FormFields;
  /** The secret in the form is altered, in one way for each number. */
  readonly alteredSecret?: number;
  /** Sends the form as JSON. */
  readonly formAsJson?: boolean;
  /** What is wrong with the signature; has no meaning where requests are not signed here. */
  readonly signature?: SignatureFlaw;
}

/** A query with one text for each parameter; one that is repeated has no value that anybody could go by. */
export const singleQuery = (query: RequestSpec['query'] = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : value.join(',')]),
  );
