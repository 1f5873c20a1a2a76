import { type Exchange, headerValues, headline } from '../../harness/exchange.ts';
import { askedBy, curl } from '../../harness/verdicts/case-outcome.ts';
import { cut } from '../text.ts';
import { markedBody, markedLines } from './marked.ts';
import { html, type Markup } from './markup.ts';

export interface ShownExchange {
  /** Bodies longer than this are cut, in characters. */
  readonly most: number;
  /** What was seen against it, to be marked. */
  readonly seen?: readonly string[];
}

/** One request, its answer with what is wrong in it, and the command that repeats it. */
export function exchangeBox(exchange: Exchange, { most, seen = [] }: ShownExchange): Markup {
  const { request, response } = exchange;
  const sent = [`${request.method} ${cut(request.url, LONGEST_URL)}`, ...headerLines(request.headers)];
  const got = [String(response.status), ...headerLines(response.headers)];
  const isGuilty = (line: string) => seen.some((text) => speaksOf(text, line));
  const answer = response.body === '' ? '(no body)' : markedBody(cut(response.body, most), seen);
  const request2 = request.body === undefined ? '' : html`\n\n${cut(request.body, most)}`;
  return html`<div class="exchange"><p class="meta">${metaOf(exchange)}</p>
<div class="sides"><div><p class="label">Request</p><pre>${cut(sent.join('\n'), MOST_HEAD)}${request2}</pre></div>
<div><p class="label">Answer</p><pre>${markedLines(
    got.map((line) => cut(line, LONGEST_URL)),
    isGuilty,
  )}\n\n${answer}</pre></div></div>
${exchange.received ? '' : html`<p class="label">Repeat it (<a href="#repeat">where the token comes from</a>)</p><pre>${cut(curl(exchange), most + MOST_HEAD)}</pre>`}</div>`;
}

/** What an exchange was, in one line. */
export const titleOf = (exchange: Exchange): string => cut(headline(exchange), LONGEST_URL);

function metaOf(exchange: Exchange): Markup {
  const { startedAt, endedAt } = exchange;
  const ids = headerValues(exchange, 'upvest-request-id');
  return html`Exchange ${exchange.id}, asked by ${askedBy(exchange)}, ${new Date(startedAt).toISOString()}, ${Math.max(0, endedAt - startedAt)} ms, upvest-request-id ${ids.length === 0 ? 'absent' : html`<code>${cut(ids.join(', '), LONGEST_URL)}</code>`}`;
}

/** True for the status or the header that a violation speaks of. */
function speaksOf(seen: string, line: string): boolean {
  if (/^\d{3}$/.test(line)) return seen.startsWith(line);
  const colon = line.indexOf(': ');
  const value = line.slice(colon + 2);
  return colon > 0 && value.length > 2 && (seen === JSON.stringify(value) || seen.includes(`"${value}"`));
}

const LONGEST_URL = 300;
const MOST_HEAD = 2000;

const headerLines = (headers: Exchange['request']['headers']) => headers.map(([name, value]) => `${name}: ${value}`);
