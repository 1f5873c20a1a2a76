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

/** The kinds of problem that the reference knows; a kind alone decides status and title. */
export type ProblemKind = keyof typeof KINDS;

/** Thrown wherever a request has to be refused; the detail is shown to the caller. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.kind = kind;
    this.headers = headers;
  }
}

/** Turns anything thrown into problem details (RFC 9457). What is no `Problem` tells nothing about itself. */
export function problemResponse(thrown: unknown, requestId: string): Response {
  const { kind, message, headers } =
    thrown instanceof Problem ? thrown : new Problem('internal', 'The request could not be carried out.');
  const { status, title } = KINDS[kind];
  return new Response(JSON.stringify({ type: kind, title, status, detail: message, request_id: requestId }), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'upvest-request-id': requestId },
  });
}
