import { isUuid } from '../contract/formats.ts';
import { idOfAnswer, promisedBy } from '../contract/ids.ts';
import type { Contract } from '../contract/index.ts';
import { accepts, type DocumentedResponse, isJson, type Operation, responseTo } from '../contract/operations.ts';
import { excerpt } from '../contract/schemas.ts';
import { type Exchange, headerValues, mediaType, succeeded } from '../exchange.ts';
import { judgeBody } from './body.ts';
import { type Finding, finding } from './finding.ts';
import { groupOf, groupsIn, idOf } from './group.ts';
import { judgePage } from './page.ts';
import { judgeProblem, PROBLEM } from './problem.ts';
import { judgeGroup } from './timestamps.ts';
import { judgeToken } from './token.ts';
import { judgeWire } from './wire-format.ts';

/**
 * Judges one exchange by everything in the contract that applies to any answer: status, media type, headers, body schema,
 * problem semantics, page arithmetic, timestamps, and the form of the message.
 *
 * @param expects ids of requirements whose accepted statuses are legitimate here, in addition to the documented ones
 */
export function judgeExchange(contract: Contract, exchange: Exchange, expects: readonly string[] = []): Finding[] {
  const operation = contract.operations.find(({ name }) => name === exchange.operation);
  const response = operation && responseTo(operation, exchange.response.status);
  const expected = expects.flatMap((expected) => contract.requirements.get(expected)?.accepts ?? []);
  const findings: Finding[] = [];
  if (operation !== undefined) {
    const { status } = exchange.response;
    const documented = response !== undefined || (status < 500 && accepts(expected, status));
    findings.push(
      finding(
        promisedBy(operation, 'status-documented'),
        exchange,
        !documented && `${status}; documented are ${[...operation.responses.keys()].join(', ')}`,
      ),
      finding(
        promisedBy(operation, 'no-server-error'),
        exchange,
        !accepts(contract.requirements.get(promisedBy(operation, 'no-server-error'))?.accepts ?? [], status) &&
          `${status}`,
      ),
    );
  }
  if (operation !== undefined && response !== undefined)
    findings.push(...judgeDocumented(contract, exchange, operation, response));
  else if (exchange.response.status >= 400 && !isHead(exchange))
    findings.push(...judgeUndocumentedRefusal(contract, exchange));
  for (const id of headerValues(exchange, 'upvest-request-id'))
    findings.push(finding('upvest-request-id.format', exchange, !isUuid(id) && excerpt(id)));
  findings.push(...judgeWire(exchange));
  const { resource } = contract;
  for (const group of groupsIn(contract, exchange)) findings.push(...judgeGroup(contract, exchange, group));
  if (resource.isRetrieval(exchange) && succeeded(exchange)) findings.push(...judgeIdentity(exchange));
  if (resource.isListing(exchange) && succeeded(exchange)) findings.push(...judgePage(contract, exchange));
  if (operation?.issuesTokens) findings.push(...judgeToken(contract, exchange));
  if (exchange.response.status >= 400 && (operation !== undefined || mediaType(exchange) === PROBLEM))
    findings.push(...judgeProblem(exchange));
  return findings;
}

function judgeDocumented(
  contract: Contract,
  exchange: Exchange,
  operation: Operation,
  response: DocumentedResponse,
): Finding[] {
  const { status } = response;
  const findings: Finding[] = [];
  if (response.body === undefined)
    findings.push(
      finding(
        idOfAnswer(operation, status, 'empty-body'),
        exchange,
        exchange.response.bytes > 0 && `a body of ${exchange.response.bytes} bytes`,
      ),
    );
  else {
    findings.push(
      finding(idOfAnswer(operation, status, 'media-type'), exchange, wrongMedia(exchange, response.body.mediaType)),
    );
    if (exchange.response.json !== undefined)
      findings.push(...judgeBody(contract, exchange, response.body.schema, exchange.response.json.value));
  }
  for (const header of response.headers.filter(({ required }) => required))
    findings.push(finding(idOfAnswer(operation, status, header.name), exchange, isAbsent(exchange, header.name)));
  // Credentials in a form are not an HTTP authentication scheme that a challenge could name (RFC 6749 §5.2).
  if (status === '401' && !operation.issuesTokens)
    findings.push(finding('unauthorized.www-authenticate', exchange, isAbsent(exchange, 'www-authenticate')));
  return findings;
}

/**
 * An undocumented refusal still has to look like a refusal. A request with an undeclared method may never reach the API:
 * the answer of a router in front of it is only judged as a problem if its media type says so.
 */
function judgeUndocumentedRefusal(contract: Contract, exchange: Exchange): Finding[] {
  const kind = exchange.operation === undefined ? 'undeclared-method' : 'undocumented-refusal';
  const { json, status } = exchange.response;
  const problem = contract.problem;
  const isProblem = exchange.operation !== undefined || mediaType(exchange) === PROBLEM;
  return [
    finding(`${kind}.media-type`, exchange, wrongMedia(exchange, PROBLEM)),
    finding(`${kind}.upvest-request-id`, exchange, isAbsent(exchange, 'upvest-request-id')),
    ...(problem && json && isProblem ? judgeBody(contract, exchange, problem, json.value) : []),
    ...(status === 405 ? [finding('undeclared-method.allow', exchange, wrongAllow(exchange))] : []),
  ];
}

/** The answer shows the requested group. */
function judgeIdentity(exchange: Exchange): Finding[] {
  const group = groupOf(exchange);
  const id = group && idOf(group);
  const asked = decodeURIComponent(exchange.request.url.split('/').at(-1) ?? '');
  return id === undefined || !isUuid(asked)
    ? []
    : [
        finding(
          'retrieve.the-asked-group',
          exchange,
          id.toLowerCase() !== asked.toLowerCase() && `the group ${id} for ${asked}`,
        ),
      ];
}

/** An answer to HEAD has the headers of another answer, and no body. */
const isHead = ({ request }: Exchange) => request.method === 'HEAD';

const isAbsent = (exchange: Exchange, header: string) => headerValues(exchange, header).length === 0 && `no ${header}`;

function wrongMedia(exchange: Exchange, promised: string): string | undefined {
  const seen = mediaType(exchange);
  if (seen !== promised) return `content-type ${excerpt(headerValues(exchange, 'content-type')[0] ?? 'absent')}`;
  return isJson(promised) && exchange.response.json === undefined
    ? `a body that is not JSON: ${excerpt(exchange.response.body)}`
    : undefined;
}

/** A 405 has an Allow header, which does not list the refused method. */
function wrongAllow(exchange: Exchange): string | false {
  const { method } = exchange.request;
  const allowed = headerValues(exchange, 'allow').join(',');
  const names = allowed.split(',').map((name) => name.trim());
  return isAbsent(exchange, 'allow') || (names.includes(method) && `allow: ${excerpt(allowed)} in answer to ${method}`);
}
