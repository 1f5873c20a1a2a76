import { isObject } from '../contract/document.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues } from '../exchange.ts';
import { type Finding, finding } from './finding.ts';

/** The media type of problem details (RFC 9457 §3). */
export const PROBLEM = 'application/problem+json';

/** Patterns of implementation details, such as stack traces and SQL, in common languages and databases. */
const INTERNALS: readonly RegExp[] = [
  /\bat [\w$.<>/ ]+ ?\([^()\s]*\.\w+:\d+(?::\d+)?\)/,
  /\bat (?!\d)\S*[./\\]\S*:\d+:\d+/,
  /\bin \S+\.cs:line \d+/,
  /\bSystem\.\w+Exception\b/,
  /\.php on line \d+/,
  /Traceback \(most recent call last\)/,
  /\bFile "[^"]+", line \d+/,
  /\bgoroutine \d+ \[/,
  /\bpanic: /,
  /(^|[\s("'])\/?(?:[\w.-]+\/)+[\w.-]+\.(?:go|java|kt|py|rb|php|cs|exs?|[cm]?[jt]s):\d+/,
  /\b\w+(?:\.\w+){2,}(?:Exception|Error|Violation)\b/,
  /\bSELECT\s[\s\S]+?\sFROM\s|\bINSERT\s+INTO\s|\bDELETE\s+FROM\s|\bUPDATE\s+\S+\s+SET\s/,
  /\bselect\s[\s\S]+?\sfrom\s+[\w."]+\s+(?:where|join|order by|group by|limit)\b|\binsert\s+into\s+\S+\s*\(|\bdelete\s+from\s+\S+\s+where\b|\bupdate\s+\S+\s+set\s+\S+\s*=/i,
  /\bSQLSTATE\b|\bORA-\d{5}\b|\bpq: /,
];

/** Judges a problem beyond its schema (RFC 9457). */
export function judgeProblem(exchange: Exchange): Finding[] {
  const value = exchange.response.json?.value;
  const findings = [finding('problem.no-internals', exchange, internals(value ?? exchange.response.body))];
  if (!isObject(value)) return findings;
  if (Number.isInteger(value.status))
    findings.push(
      finding(
        'problem.status-equals-http',
        exchange,
        value.status !== exchange.response.status &&
          `status ${excerpt(value.status)} in an answer ${exchange.response.status}`,
      ),
    );
  const [requestId] = headerValues(exchange, 'upvest-request-id');
  if (typeof value.request_id === 'string' && requestId !== undefined)
    findings.push(
      finding(
        'problem.request-id-equals-header',
        exchange,
        value.request_id !== requestId && `request_id ${excerpt(value.request_id)}, header ${excerpt(requestId)}`,
      ),
    );
  return findings;
}

function internals(value: unknown): string | undefined {
  for (const text of textsIn(value))
    for (const piece of piecesOf(text)) {
      const found = INTERNALS.map((pattern) => pattern.exec(piece)?.[0]).find((match) => match !== undefined);
      if (found !== undefined) return `${excerpt(found)} in ${excerpt(text)}`;
    }
  return undefined;
}

/**
 * The time of some patterns grows with the square of the length of a text, which the target controls. So texts are
 * searched in overlapping pieces, and up to a limit, all in characters.
 */
const PIECE = 2000;
const OVERLAP = 300;
const LONGEST = 100_000;

function piecesOf(text: string): string[] {
  const step = PIECE - OVERLAP;
  const count = Math.max(1, Math.ceil((Math.min(text.length, LONGEST) - OVERLAP) / step));
  return Array.from({ length: count }, (_, index) => text.slice(index * step, index * step + PIECE));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
