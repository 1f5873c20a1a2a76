/** A refusal: the HTTP status, its slug and title, and what went wrong this time. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

const KINDS: Readonly<Record<number, readonly [slug: string, title: string]>> = {
  400: ['invalid_request', 'Invalid request'],
  401: ['unauthorised', 'Unauthorised'],
  403: ['forbidden', 'Forbidden'],
  404: ['not_found', 'Not found'],
  405: ['method_not_allowed', 'Method not allowed'],
  406: ['not_acceptable', 'Not acceptable'],
  409: ['conflict', 'Conflict'],
  500: ['internal', 'Internal error'],
};

/** A refusal as problem details (RFC 9457). */
export function problemResponse(refusal: Refusal, requestId: string): Response {
  const [slug, title] = KINDS[refusal.status] ?? ['internal', 'Internal error'];
  const body = { type: slug, title, status: refusal.status, detail: refusal.message, request_id: requestId };
  return new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: { 'content-type': 'application/problem+json', 'upvest-request-id': requestId, ...refusal.headers },
  });
}
