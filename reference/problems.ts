const KINDS = {
  invalid_request: { status: 400, title: 'Invalid request' },
  missing_client_id: { status: 400, title: 'Missing client ID' },
  missing_idempotency_key: { status: 400, title: 'Missing idempotency key' },
  unauthorised: { status: 401, title: 'Unauthorised' },
  forbidden: { status: 403, title: 'Forbidden' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  not_acceptable: { status: 406, title: 'Not acceptable' },
  conflict: { status: 409, title: 'Conflict' },
  internal: { status: 500, title: 'Internal error' },
} as const;

/** The problem types of the reference; the type determines status and title. */
export type ProblemKind = keyof typeof KINDS;

/** Thrown to refuse a request; the caller sees the detail. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.kind = kind;
    this.headers = headers;
  }
}

/** Turns anything thrown into problem details (RFC 9457). Errors other than `Problem` reveal nothing about themselves. */
export function problemResponse(thrown: unknown, requestId: string): Response {
  const { kind, message, headers } =
    thrown instanceof Problem ? thrown : new Problem('internal', 'The request could not be processed.');
  const { status, title } = KINDS[kind];
  return new Response(JSON.stringify({ type: kind, title, status, detail: message, request_id: requestId }), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'upvest-request-id': requestId },
  });
}
