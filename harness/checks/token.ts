import { isObject } from '../contract/document.ts';
import type { Contract } from '../contract/index.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues, succeeded } from '../exchange.ts';
import { type Finding, finding } from './finding.ts';

/** Judges a token response: it grants the requested scopes, and must not be cached. */
export function judgeToken(contract: Contract, exchange: Exchange): Finding[] {
  const answer = exchange.response.json?.value;
  if (!succeeded(exchange) || !isObject(answer)) return [];
  const cacheControl = headerValues(exchange, 'cache-control').join(', ');
  return [
    ...judgeScope(contract, exchange, answer.scope),
    finding(
      'token.no-store',
      exchange,
      !/(?:^|,)\s*no-store\s*(?:,|$)/i.test(cacheControl) && `cache-control ${excerpt(cacheControl || 'absent')}`,
    ),
  ];
}

/** Not judged for a request that violates its schema: that one should have been refused. */
function judgeScope(contract: Contract, exchange: Exchange, granted: unknown): Finding[] {
  const asked = new URLSearchParams(exchange.request.body).getAll('scope');
  const schema = contract.operations.find(({ issuesTokens }) => issuesTokens)?.requestBody?.schema;
  const scope = schema && contract.doc.child(schema, 'properties', 'scope');
  const [one = ''] = asked;
  if (typeof granted !== 'string' || asked.length !== 1 || one === '') return [];
  if (scope !== undefined && !contract.schemas.accepts(scope, one)) return [];
  const [requested, received] = [setOf(one), setOf(granted)];
  const missing = [...requested].filter((word) => !received.has(word));
  const surplus = [...received].filter((word) => !requested.has(word));
  return [
    finding(
      'token.scope-as-asked',
      exchange,
      missing.length + surplus.length > 0 && `scope ${excerpt(granted)} for a request for ${excerpt(one)}`,
    ),
  ];
}

const setOf = (scope: string) => new Set(scope.split(' ').filter((word) => word !== ''));
