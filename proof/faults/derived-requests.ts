import { randomUUID } from 'node:crypto';
import { join } from '../../harness/contract/document.ts';
import { idOfKeyword, promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation, Parameter } from '../../harness/contract/index.ts';
import { fromText } from '../../harness/contract/keywords/type.ts';
import { breakable } from '../../harness/contract/operation-requirements.ts';
import { inWords, violatesOnly } from './broken-parts.ts';
import {
  type Asked,
  CLOSE,
  CREATE,
  collectionUrl,
  empty,
  type Fault,
  groups,
  intercepting,
  is,
  isJson,
  isUuid,
  type Json,
  LIST,
  OWNER,
  readJson,
} from './fault.ts';
import { type Subject, subjectOf } from './subject.ts';

/** For each rule of each parameter, a target that does not check it: invalid values are replaced before they reach it. */
export function derivedParameterFaults(contract: Contract, operation: Operation): Fault[] {
  return operation.parameters.flatMap((parameter) => {
    const prefix = promisedBy(operation, parameter.in, parameter.name);
    const rules = [...contract.requirements.keys()].filter(
      (id) => id.startsWith(`${prefix}.`) && !/\.(default|served)$/.test(id),
    );
    return rules.map((requirement) => {
      const rule = requirement.slice(prefix.length + 1);
      const broken = (asked: Asked) =>
        is(operation.name)(asked) &&
        (rule === 'required'
          ? !asked.headers.has(parameter.name)
          : isBrokenBy(contract, parameter, join(parameter.schema.pointer, rule), parameterOf(asked, parameter)));
      return {
        id: `request.${requirement}`,
        statement: `${operation.id} does not check ${rule} of ${parameter.name}.`,
        breaks: [
          requirement,
          ...(parameter.in === 'path' ? [promisedBy(operation, 'odd-id')] : []).filter((id) =>
            contract.requirements.has(id),
          ),
        ],
        ...(rule === 'minimum' && { mayBreak: [promisedBy(operation, 'limit-zero')] }),
        intercept:
          operation.kind === LIST && parameter.in === 'path'
            ? mendingPath(broken, parameter.name)
            : mending(broken, parameter),
      };
    });
  });
}

function parameterOf(asked: Asked, { in: place, name }: { in: string; name: string }): string | undefined {
  if (place === 'path') return asked.id || decodeURIComponent(asked.url.pathname.split('/').at(-2) ?? '');
  return (place === 'query' ? asked.url.searchParams.get(name) : asked.headers.get(name)) ?? undefined;
}

/** Whether a value violates one keyword of its parameter; an empty one counts as absent. */
function isBrokenBy({ schemas }: Contract, { schema }: Parameter, pointer: string, text: string | undefined): boolean {
  if (text === undefined || text === '') return false;
  const { violations } = schemas.judge(schema, fromText(isJson(schema.value) ? schema.value : {}, text));
  return violations.some((violation) => violation.pointer === pointer);
}

/** Replaces a malformed owner in the path of a list by one that exists. */
function mendingPath(broken: (asked: Asked) => boolean, parameter: string): Fault['intercept'] {
  return intercepting(() => {
    let owner: string | undefined;
    return async (asked, forward) => {
      if (broken(asked) && owner !== undefined)
        asked.url.pathname = asked.url.pathname.replace(/[^/]+(?=\/[^/]+$)/, owner);
      const answered = await forward();
      if (is(OWNER, 200)(asked, answered) && isJson(answered.body)) owner ??= String(answered.body.id);
      // Owners that a run cannot make are shown by what belongs to them.
      const shown = groups(answered).find((one) => parameter in one)?.[parameter];
      if (shown !== undefined) owner = String(shown);
      return answered;
    };
  });
}

/** Replaces or removes an invalid parameter before it reaches the target. */
function mending(broken: (asked: Asked) => boolean, parameter: { in: string; name: string }): Fault['intercept'] {
  return intercepting(() => {
    let clientId: string | undefined;
    return async (asked, forward) => {
      if (!broken(asked)) {
        clientId ??= asked.headers.get('upvest-client-id') ?? undefined;
        return forward();
      }
      if (parameter.in === 'query') asked.url.searchParams.delete(parameter.name);
      else if (parameter.in === 'path') {
        // Answered as if the malformed id named a group, without closing any.
        if (is(CLOSE)(asked)) return empty(202);
        const [first] = groups(await forward({ ...asked, url: collectionUrl(asked) }));
        asked.id = typeof first?.id === 'string' ? first.id : asked.id;
      } else if (parameter.name === 'upvest-client-id') asked.headers.set(parameter.name, clientId ?? '');
      else if (parameter.name === 'idempotency-key') asked.headers.set(parameter.name, randomUUID());
      else asked.headers.delete(parameter.name);
      return forward();
    };
  });
}

/** For each keyword of a request body, a target that does not check it. */
export function derivedBodyFaults(contract: Contract, operation: Operation): Fault[] {
  const { requestBody } = operation;
  if (requestBody === undefined || operation.issuesTokens) return [];
  const provocable = breakable(contract.doc, requestBody).filter(
    (keyword) => contract.requirements.get(idOfKeyword(operation.name, 'body', keyword))?.provocable !== false,
  );
  return provocable.map((keyword) => {
    const requirement = idOfKeyword(operation.name, 'body', keyword);
    const broken = (asked: Asked) => {
      if (!is(operation.name)(asked) || asked.headers.get('content-type') !== 'application/json') return false;
      const value = readJson(asked.text);
      return value !== undefined && violatesOnly(contract, requestBody.schema, value, keyword.pointer);
    };
    return {
      id: `request.${requirement}`,
      statement: `${operation.id} does not check ${inWords(keyword)} in the body.`,
      breaks: [requirement],
      intercept: mendingBody(subjectOf(contract), broken),
    };
  });
}

/** Replaces an invalid body by a valid one. */
function mendingBody(about: Subject, broken: (asked: Asked) => boolean): Fault['intercept'] {
  return intercepting(() => {
    let owner = '';
    let good: Json = {};
    return async (asked, forward) => {
      if (!broken(asked)) {
        const answered = await forward();
        if (is(OWNER)(asked) && isJson(answered.body)) owner = String(answered.body.id);
        if (is(CREATE, 200)(asked, answered)) good = asked.json;
        return answered;
      }
      const requested = String(asked.json[about.owner]);
      const kind = asked.json[about.choice];
      const body = {
        ...good,
        [about.owner]: isUuid(requested) ? requested : owner,
        [about.choice]: kind === about.other ? kind : about.usual,
      };
      return forward({ ...asked, text: JSON.stringify(body) });
    };
  });
}
