import { randomUUID } from 'node:crypto';
import { type Api, Blocked, type Case, type CaseRequest } from '../../harness/case.ts';
import { idOfCaller, promisedBy } from '../../harness/contract/ids.ts';
import type { Contract, Operation } from '../../harness/contract/index.ts';
import { CLOSE, CREATE, RETRIEVE } from '../../harness/contract/kinds.ts';
import { accepts } from '../../harness/contract/operations.ts';
import { isAskable, isOtherList } from '../../harness/contract/roles.ts';
import { type Caller, callersOf } from '../../harness/contract/security.ts';
import { type Exchange, succeeded } from '../../harness/exchange.ts';
import { isStranger, ready } from '../fixtures/callers.ts';
import { closed } from '../fixtures/closing.ts';
import { newItem, pathFor } from '../fixtures/creation.ts';
import { anyGroup, created } from '../fixtures/items.ts';
import { someKindsOf } from '../fixtures/sample.ts';
import { judgeExistence, type Refusal } from './existence.ts';
import { queryForms } from './query-forms.ts';
import { refusedClosings, refusedCreations } from './refusals.ts';

/** Every operation by every caller: what is permitted succeeds first, then one thing is taken away. */

export function scopeCases(contract: Contract): Case[] {
  const called = contract.operations.filter((one) => isAskable(one) && !one.issuesTokens && !isOtherList(one));
  return called.map((operation) => {
    const callers = callersOf(contract.doc, operation);
    return {
      id: `${operation.name}.callers`,
      area: 'scopes',
      operation: operation.name,
      title: `${operation.id} serves the callers that it must serve, and turns away all others`,
      covers: [
        ...callers.map((caller) => requirementOf(operation, caller)),
        ...(contract.requirements.has(promisedBy(operation, 'existence-not-leaked'))
          ? [promisedBy(operation, 'existence-not-leaked')]
          : []),
      ],
      writes: operation.writes,
      run: (api) => run(api, operation, callers),
    };
  });
}

const requirementOf = (operation: Operation, caller: Caller) => idOfCaller(operation, caller);

async function run(api: Api, operation: Operation, callers: readonly Caller[]): Promise<void> {
  const served = await allowedCalls(
    api,
    operation,
    callers.filter((caller) => caller.allowed),
  );
  const refused = (
    await Promise.all(
      callers.filter((caller) => !caller.allowed).map((caller) => ready(api, caller, requirementOf(operation, caller))),
    )
  ).filter((caller) => caller !== undefined);
  if (!served) {
    for (const caller of refused)
      api.blocked(
        requirementOf(operation, caller),
        'allowed-call-fails',
        'no permitted call succeeds, so a refusal proves nothing',
      );
    return;
  }
  const asks = (rest: Omit<CaseRequest, 'caller' | 'operation' | 'expects'>): CaseRequest[] =>
    refused.map((caller) => ({
      ...rest,
      operation: operation.name,
      caller,
      expects: [requirementOf(operation, caller)],
    }));
  const { idParameter } = api.contract.resource;
  if (operation.kind === CREATE) {
    await refuseCreations(api, operation, asks({ body: await newItem(api) }), refused);
  } else if (operation.kind === CLOSE) {
    const { id, exchanges } = await refusedClosings(api, (item) => asks({ path: { [idParameter]: item } }));
    await Promise.all(
      refused.map((caller, index) => {
        const exchange = exchanges[index];
        return isStranger(caller) && exchange
          ? judgeLeak(api, operation, caller, [{ title: 'a group of the run', id, exchange }])
          : undefined;
      }),
    );
  } else if (operation.kind === RETRIEVE) {
    const id = await anyGroup(api);
    const [answers, kinds] = await Promise.all([
      Promise.all(asks({ path: { [idParameter]: id } }).map((ask) => api.ask(ask))),
      someKindsOf(api),
    ]);
    await Promise.all(
      refused.map(async (caller, index) => {
        const exchange = answers[index];
        if (!isStranger(caller) || exchange === undefined) return;
        const others = await Promise.all(
          kinds
            .filter((kind) => kind.id !== id)
            .map(async (kind) => ({ ...kind, exchange: await asStranger(api, operation, caller, kind.id) })),
        );
        await judgeLeak(api, operation, caller, [{ title: 'a group of the run', id, exchange }, ...others]);
      }),
    );
  } else await Promise.all(pagesFor(api.contract, operation, refused).map((page) => refusedPage(api, operation, page)));
  await Promise.all(refused.filter(isStranger).map((caller) => otherMistakes(api, operation, caller)));
}

/** Asks for creations, and repeats one, on behalf of those who may not create: whoever knows a key learns nothing by it. */
async function refuseCreations(
  api: Api,
  operation: Operation,
  asks: readonly CaseRequest[],
  refused: readonly Caller[],
): Promise<void> {
  const first = await created(api, 'first').catch(() => undefined);
  const curious = refused.filter((caller) => isStranger(caller) || caller.credential.kind === 'token');
  const repeats = (first === undefined ? [] : curious).map((caller) => ({
    operation: operation.name,
    caller,
    headers: { 'idempotency-key': first?.key ?? '' },
    body: first?.body,
  }));
  const exchanges = await refusedCreations(api, [...asks, ...repeats]);
  for (const [index, { caller }] of repeats.entries()) {
    const exchange = exchanges[asks.length + index];
    if (exchange !== undefined)
      api.report(
        requirementOf(operation, caller),
        [exchange],
        succeeded(exchange) && `${exchange.response.status} for a key that is known`,
      );
  }
}

/** Asks for a group on behalf of somebody who may not, and judges the refusal. */
const asStranger = (api: Api, operation: Operation, caller: Caller, id: string): Promise<Exchange> =>
  api.ask({
    operation: operation.name,
    caller,
    path: { [api.contract.resource.idParameter]: id },
    expects: [requirementOf(operation, caller)],
  });

/** Judges that refusals of existing ids look like those of unknown ones. */
async function judgeLeak(api: Api, operation: Operation, caller: Caller, existing: readonly Refusal[]): Promise<void> {
  const ask = (id: string) =>
    api.ask({ operation: operation.name, caller, path: { [api.contract.resource.idParameter]: id } });
  const unknown = await Promise.all(
    [randomUUID(), randomUUID()].map(async (id) => ({ title: 'an unknown id', id, exchange: await ask(id) })),
  );
  for (const { exchange } of unknown)
    refusedEither(api, operation, caller, promisedBy(operation, 'unknown-id'), exchange);
  await judgeExistence(api, promisedBy(operation, 'existence-not-leaked'), existing, unknown, ask);
}

interface RefusedPage {
  readonly caller: Caller;
  readonly query: Readonly<Record<string, string>>;
}

/** Strangers ask for a page in every form, each other refused caller for one in another form. */
function pagesFor(contract: Contract, operation: Operation, refused: readonly Caller[]): RefusedPage[] {
  const forms = queryForms(contract, operation);
  return refused.flatMap((caller, index) => {
    const asked = isStranger(caller) ? forms : [forms[index % forms.length] ?? {}];
    return asked.map((query) => ({ caller, query }));
  });
}

/** Asks for a page on behalf of somebody who may not; a limit of 0 may be refused for itself. */
async function refusedPage(api: Api, operation: Operation, { caller, query }: RefusedPage): Promise<void> {
  const requirement = requirementOf(operation, caller);
  if (Number(query.limit ?? 1) > 0) await api.ask({ operation: operation.name, caller, query, expects: [requirement] });
  else
    refusedEither(
      api,
      operation,
      caller,
      promisedBy(operation, 'query.limit.minimum'),
      await api.ask({ operation: operation.name, caller, query }),
    );
}

/** Judges a request that may be refused for its caller, or for another mistake, and must not be served. */
function refusedEither(api: Api, operation: Operation, caller: Caller, excuse: string, exchange: Exchange): void {
  const accepted = [requirementOf(operation, caller), excuse].flatMap(
    (id) => api.contract.requirements.get(id)?.accepts ?? [],
  );
  api.report(
    requirementOf(operation, caller),
    [exchange],
    !accepts(accepted, exchange.response.status) &&
      `${exchange.response.status}; promised is ${[...new Set(accepted)].join(' or ')}`,
  );
}

/** Asks with a second mistake beside the caller. */
async function otherMistakes(api: Api, operation: Operation, caller: Caller): Promise<void> {
  if (operation.writes) return;
  const { idParameter } = api.contract.resource;
  const mistakes: Array<readonly [excuse: string, ask: Partial<CaseRequest>]> = [
    [promisedBy(operation, 'not-acceptable'), { headers: { accept: 'text/html' } }],
    ...(operation.kind === RETRIEVE
      ? [[promisedBy(operation, 'path', idParameter, 'format'), { path: { [idParameter]: 'not-a-uuid' } }] as const]
      : []),
  ];
  const path = await pathFor(api, operation, () => anyGroup(api));
  await Promise.all(
    mistakes.map(async ([excuse, ask]) => {
      const exchange = await api.ask({ operation: operation.name, caller, path, ...ask });
      refusedEither(api, operation, caller, excuse, exchange);
    }),
  );
}

/** Asks on behalf of everybody who is allowed; true where somebody was served. */
async function allowedCalls(api: Api, operation: Operation, callers: readonly Caller[]): Promise<boolean> {
  if (operation.kind === CREATE || operation.kind === CLOSE) {
    const make = (role: 'first' | 'second') =>
      (operation.kind === CREATE ? created(api, role) : closed(api, role)).then(({ exchange }) => exchange);
    const outcomes = await Promise.allSettled([make('first'), make('second')]);
    for (const [index, caller] of callers.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled') api.judgeStatus([requirementOf(operation, caller)], outcome.value);
      else if (outcome !== undefined) api.prevented(requirementOf(operation, caller), outcome.reason);
    }
    // Who is told that the group cannot be closed yet has been let in.
    const isLetIn = (reason: unknown) => reason instanceof Blocked && reason.prerequisite === 'not-closable';
    return outcomes.some((one) => (one.status === 'fulfilled' ? succeeded(one.value) : isLetIn(one.reason)));
  }
  const path = await pathFor(api, operation, () => anyGroup(api));
  const exchanges = await Promise.all(
    callers.map(async (caller): Promise<Exchange | undefined> => {
      try {
        return await api.ask({ operation: operation.name, caller, path, expects: [requirementOf(operation, caller)] });
      } catch (error) {
        api.prevented(requirementOf(operation, caller), error);
        return undefined;
      }
    }),
  );
  return exchanges.some((exchange) => exchange !== undefined && succeeded(exchange));
}
