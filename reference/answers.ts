/** A response with a JSON text as its body. */
export function json(body: string, { status = 200, headers = {} }: ResponseInit = {}): Response {
  const answer = new Response(body, { status, headers });
  answer.headers.set('content-type', 'application/json');
  return answer;
}
