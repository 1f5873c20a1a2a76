import { type Exchange, headerValues, headline } from '../../harness/exchange.ts';
import { askedBy, curl } from '../../harness/tell.ts';
import { cut } from '../text.ts';
import { html, type Markup } from './markup.ts';

/** One request, its answer, and the command that repeats it. Bodies longer than `most` are cut. */
export function exchangeBox(exchange: Exchange, most: number): Markup {
  const { request, response, startedAt, endedAt } = exchange;
  const path = headline({ ...exchange, request: { ...request, url: cut(request.url, LONGEST_URL) } });
  const ids = headerValues(exchange, 'upvest-request-id');
  const sent = [`${request.method} ${request.url}`, ...headerLines(request.headers)].join('\n');
  const got = [String(response.status), ...headerLines(response.headers)].join('\n');
  return html`<div class="exchange">
<p class="headline"><code>${path}</code></p>
<p class="meta">Exchange ${exchange.id}, asked by ${askedBy(exchange)}, ${new Date(startedAt).toISOString()}, ${Math.max(0, endedAt - startedAt)} ms, upvest-request-id ${ids.length === 0 ? 'absent' : html`<code>${cut(ids.join(', '), LONGEST_URL)}</code>`}</p>
<div class="sides"><div><p class="label">Request</p><pre>${cut(sent, MOST_HEAD)}${request.body === undefined ? '' : `\n\n${cut(request.body, most)}`}</pre></div>
<div><p class="label">Answer</p><pre>${cut(got, MOST_HEAD)}\n\n${response.body === '' ? '(no body)' : cut(response.body, most)}</pre></div></div>
${exchange.received ? '' : html`<p class="label">Repeat it</p><pre>${cut(curl(exchange), most + MOST_HEAD)}</pre>`}</div>`;
}

const LONGEST_URL = 300;
const MOST_HEAD = 2000;

const headerLines = (headers: Exchange['request']['headers']) => headers.map(([name, value]) => `${name}: ${value}`);
