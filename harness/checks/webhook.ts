import { isObject, type JsonObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues, mediaType, succeeded } from '../exchange.ts';
import { judgeBody } from './body.ts';
import { type Finding, finding } from './finding.ts';

/** Judges an answer about webhooks or their keys; the description of a webhook is compared with the request. */
export function judgeWebhook(contract: Contract, exchange: Exchange): Finding[] {
  const isAbsent = headerValues(exchange, 'upvest-request-id').length === 0;
  return [
    finding('webhook.upvest-request-id', exchange, isAbsent && 'no upvest-request-id'),
    ...(succeeded(exchange) && exchange.request.body !== undefined ? judgeDescription(contract, exchange) : []),
  ];
}

function judgeDescription(contract: Contract, exchange: Exchange): Finding[] {
  const { json, body } = exchange.response;
  const media = mediaType(exchange);
  const schema = contract.doc.find('#/x-prerequisites/webhook/answer');
  const wrongMedia =
    media !== 'application/json'
      ? `content-type ${excerpt(headerValues(exchange, 'content-type')[0] ?? 'absent')}`
      : json === undefined && `a body that is not JSON: ${excerpt(body)}`;
  return [
    finding('webhook.media-type', exchange, wrongMedia),
    ...(schema && json ? judgeBody(contract, exchange, schema, json.value) : []),
    ...(isObject(json?.value) ? [finding('webhook.as-asked', exchange, differing(exchange, json.value))] : []),
  ];
}

/** The members whose value differs from the request, in words. Missing members are reported by the schema. */
function differing(exchange: Exchange, webhook: JsonObject): string | false {
  const asked: unknown = JSON.parse(exchange.request.body ?? '{}');
  const wrong = Object.entries(isObject(asked) ? asked : {})
    .filter(([member, value]) => kindOf(webhook[member]) === kindOf(value) && !isSame(value, webhook[member]))
    .map(([member, value]) => `${member} is ${excerpt(webhook[member])} instead of ${excerpt(value)}`);
  return wrong.length > 0 && wrong.join('; ');
}

/**
 * Compares URLs in any spelling and lists in any order. Objects, such as the delivery configuration, may be completed
 * by the target.
 */
function isSame(asked: unknown, described: unknown): boolean {
  if (Array.isArray(asked)) return Array.isArray(described) && sorted(asked) === sorted(described);
  if (isObject(asked)) return true;
  const isUrl = typeof asked === 'string' && typeof described === 'string' && URL.canParse(asked);
  return isUrl && URL.canParse(described) ? new URL(asked).href === new URL(described).href : asked === described;
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
const sorted = (list: readonly unknown[]) => list.map(String).sort().join();
