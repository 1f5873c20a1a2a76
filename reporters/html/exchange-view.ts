import { type Exchange, headerValues, headline } from '../../harness/exchange.ts';
import { askedBy, curl } from '../../harness/verdicts/case-outcome.ts';
import { cut } from '../text.ts';
import { markedBody, markedLines } from './marked.ts';
import { html, type Markup } from './markup.ts';

export interface ShownExchange {
  /** Bodies are cut after this many characters. */
  readonly most: number;
  /** The violations to highlight, as the findings describe them. */
  readonly seen?: readonly string[];
}

/** A request, its answer with the violations highlighted, and the command that repeats it. */
export function exchangeBox(exchange: Exchange, { most, seen = [] }: ShownExchange): Markup {
  const { request, response } = exchange;
  const sent = [`${request.method} ${cut(request.url, LONGEST_URL)}`, ...headerLines(request.headers)];
  const got = [String(response.status), ...headerLines(response.headers)];
  const isMarked = (line: string) => seen.some((text) => mentions(text, line));
  const answer = response.body === '' ? '(no body)' : markedBody(cut(response.body, most), seen);
  const sentBody = request.body === undefined ? '' : html`\n\n${cut(request.body, most)}`;
  return html`<div class="exchange"><p class="meta">${metaOf(exchange)}</p>
<div class="sides"><div><p class="label">Request</p><pre>${cut(sent.join('\n'), MOST_HEAD)}${sentBody}</pre></div>
<div><p class="label">Answer</p><pre>${markedLines(
    got.map((line) => cut(line, LONGEST_URL)),
    isMarked,
  )}\n\n${answer}</pre></div></div>
${exchange.received ? '' : html`<p class="label">Repeat it (<a href="#repeat">how to get the token</a>)</p><pre>${cut(curl(exchange), most + MOST_HEAD)}</pre>`}</div>`;
}

/** An exchange in one line. */
export const titleOf = (exchange: Exchange): string => cut(headline(exchange), LONGEST_URL);

function metaOf(exchange: Exchange): Markup {
  const { startedAt, endedAt } = exchange;
  const ids = headerValues(exchange, 'upvest-request-id');
  return html`Exchange ${exchange.id}, sent by ${askedBy(exchange)}, ${new Date(startedAt).toISOString()}, ${Math.max(0, endedAt - startedAt)} ms, upvest-request-id ${ids.length === 0 ? 'absent' : html`<code>${cut(ids.join(', '), LONGEST_URL)}</code>`}`;
}

/** Whether a violation refers to this status or header line. */
function mentions(seen: string, line: string): boolean {
  if (/^\d{3}$/.test(line)) return seen.startsWith(line);
  const colon = line.indexOf(': ');
  const value = line.slice(colon + 2);
  return colon > 0 && value.length > 2 && (seen === JSON.stringify(value) || seen.includes(`"${value}"`));
}

const LONGEST_URL = 300;
const MOST_HEAD = 2000;

const headerLines = (headers: Exchange['request']['headers']) => headers.map(([name, value]) => `${name}: ${value}`);
