import { excerpt } from '../contract/schemas.ts';
import { BYTE_ORDER_MARK, type Exchange, headerValues } from '../exchange.ts';
import { type Finding, finding } from './finding.ts';

/** Response headers with a single value (RFC 9110 §5.3). */
const SINGLE = [
  'age',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'upvest-request-id',
];

/** Judges the form of an answer, regardless of its content: single-value headers, media type, encoding, JSON. */
export function judgeWire(exchange: Exchange): Finding[] {
  const { body, json } = exchange.response;
  const findings = [finding('headers.single', exchange, repeatedHeader(exchange))];
  const [type] = headerValues(exchange, 'content-type');
  if (type !== undefined) findings.push(finding('content-type.parameters', exchange, wrongParameters(type)));
  if (json !== undefined)
    findings.push(
      finding('json.no-byte-order-mark', exchange, body.startsWith(BYTE_ORDER_MARK) && 'the body starts with U+FEFF'),
      finding(
        'json.unique-names',
        exchange,
        json.repeated !== undefined && `an object with ${excerpt(json.repeated)} twice`,
      ),
    );
  return findings;
}

/** Those whose value never has a comma: one shows that a proxy has joined two values (RFC 9110 §5.3). */
const WITHOUT_COMMA = ['age', 'content-length', 'upvest-request-id'];

function repeatedHeader(exchange: Exchange): string | false {
  for (const name of WITHOUT_COMMA) {
    const joined = headerValues(exchange, name).find((value) => value.includes(','));
    if (joined !== undefined) return `${name}: ${excerpt(joined)}`;
  }
  const found = SINGLE.map((name) => [name, headerValues(exchange, name)] as const).find(
    ([, values]) => values.length > 1,
  );
  return found !== undefined && `${found[0]} ${found[1].length} times: ${found[1].map(excerpt).join(' and ')}`;
}

/** Token or quoted string (RFC 9110 §5.6). */
const PARAMETER = /^([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)")$/;
/** Semicolons inside a quoted string do not separate. */
const PARTS = /(?:[^;"]|"(?:[^"\\]|\\.)*")+/g;

/** The defect in the parameters of a media type (RFC 9110 §8.3.1) or in its charset (RFC 8259 §8.1), in words. */
function wrongParameters(type: string): string | false {
  const seen = new Set<string>();
  for (const part of type.match(PARTS)?.slice(1) ?? []) {
    const text = part.trim();
    if (text === '') continue;
    const [, name = '', token, quoted] = PARAMETER.exec(text) ?? [];
    const parameter = name.toLowerCase();
    if (parameter === '') return `${excerpt(type)}: ${excerpt(text)} is not a parameter`;
    if (seen.has(parameter)) return `${excerpt(type)}: ${parameter} twice`;
    if (parameter === 'charset' && (token ?? quoted)?.toLowerCase() !== 'utf-8') return `${excerpt(type)} is not UTF-8`;
    seen.add(parameter);
  }
  return false;
}
