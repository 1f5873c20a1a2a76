/** An answer that carries a text of JSON. */
export function json(body: string, { status = 200, headers = {} }: ResponseInit = {}): Response {
  const answer = new Response(body, { status, headers });
  answer.headers.set('content-type', 'application/json');
  return answer;
}
