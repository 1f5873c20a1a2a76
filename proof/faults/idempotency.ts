import { groupDependent } from '../consequences.ts';
import {
  type Answered,
  CREATE,
  type Fault,
  groups,
  type Intercept,
  intercepting,
  is,
  isUuid,
  type Json,
  LIST,
  problem,
  underKey,
} from './fault.ts';
import { closed, created } from './lifecycle.ts';
import { another, type Subject } from './subject.ts';

/** Idempotency keys that have the wrong effect. */

/** Intercepts creations whose key and body were seen before. */
function repeated(intercept: Intercept): Fault['intercept'] {
  return intercepting(() => {
    const known = new Set<string>();
    return async (asked, forward) => {
      if (!is(CREATE)(asked)) return forward();
      const key = `${asked.headers.get('idempotency-key')} ${asked.text}`;
      if (known.has(key)) return intercept(asked, forward);
      known.add(key);
      return forward();
    };
  });
}

/** Intercepts creations whose key was seen before with another body. */
function otherBody(intercept: Intercept): Fault['intercept'] {
  return intercepting(() => {
    const bodies = new Map<string, string>();
    return async (asked, forward) => {
      const key = asked.headers.get('idempotency-key') ?? '';
      if (!is(CREATE)(asked) || !isUuid(key)) return forward();
      const first = bodies.get(key) ?? asked.text;
      bodies.set(key, first);
      return first === asked.text ? forward() : intercept(asked, forward);
    };
  });
}

/** Treats keys that share a part as one key: the first one replaces the others. */
function keptIn(part: (key: string) => string): Fault['intercept'] {
  return intercepting(() => {
    const first = new Map<string, string>();
    return async (asked, forward) => {
      const key = asked.headers.get('idempotency-key')?.toLowerCase().replaceAll('-', '') ?? '';
      if (!is(CREATE)(asked) || !/^[0-9a-f]{32}$/.test(key)) return forward();
      const known = first.get(part(key));
      const answered = await forward(known === undefined ? asked : underKey(asked, known));
      if (answered.status === 200 && known === undefined) first.set(part(key), key);
      return answered;
    };
  });
}

/** Keys that are used at the same time do not know of each other. */
const heedless: Fault['intercept'] = intercepting(() => {
  const underWay = new Set<string>();
  return async (asked, forward) => {
    const key = asked.headers.get('idempotency-key') ?? '';
    if (!is(CREATE)(asked) || !isUuid(key)) return forward();
    const isSecond = underWay.has(key);
    underWay.add(key);
    // Whoever asks at the same time has asked by then.
    await new Promise(setImmediate);
    const answered = await forward(isSecond ? underKey(asked) : asked);
    underWay.delete(key);
    return answered;
  };
});

const typedAsJson = () => new Headers({ 'content-type': 'application/json', 'upvest-request-id': crypto.randomUUID() });

export const idempotencyFaults = (about: Subject): Fault[] => {
  const numberServed = `create.body.${about.number}.served`;
  // Where a number may be asked for, the second request may have another body, and is refused.
  const isAlike = !about.contract.requirements.has(numberServed);
  const oneKeyForAll = {
    breaks: [
      'create.other-key-other-group',
      ...(isAlike ? ['create.new-group'] : []),
      'create.allowed',
      'create.caller.all-scopes',
    ],
    mayBreak: [about.of('immutable'), 'create.new-group', numberServed],
    blocks: groupDependent(about.contract),
  };
  return [
    {
      id: 'replay-creates',
      statement: 'A repeated idempotency key creates another group.',
      breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing', 'create.same-key-at-once'],
      intercept: repeated((asked, forward) => forward(underKey(asked))),
    },
    {
      id: 'key-per-owner',
      statement: 'A key that was used for another owner is another key.',
      breaks: ['create.same-key-other-body'],
      intercept: intercepting(() => {
        const owners = new Map<string, unknown>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key') ?? '';
          if (!is(CREATE)(asked) || !isUuid(key)) return forward();
          const owner = owners.get(key) ?? asked.json[about.owner];
          owners.set(key, owner);
          return forward(owner === asked.json[about.owner] ? asked : underKey(asked));
        };
      }),
    },
    {
      id: 'key-prefix',
      statement: 'Only the first eight digits of an idempotency key count.',
      ...oneKeyForAll,
      intercept: keptIn((key) => key.slice(0, 8)),
    },
    {
      id: 'key-suffix',
      statement: 'Only the last twelve digits of an idempotency key count.',
      ...oneKeyForAll,
      intercept: keptIn((key) => key.slice(-12)),
    },
    {
      id: 'key-race',
      statement: 'Two creations at once with one key create two groups.',
      breaks: ['create.same-key-at-once'],
      intercept: heedless,
    },
    {
      id: 'replay-touches',
      statement: 'A repeated key moves updated_at of its group once that is closed.',
      breaks: ['create.same-key-changes-nothing'],
      mayBreak: ['close.refused-closes-nothing'],
      intercept: intercepting(({ now }) => {
        const gone = new Map<unknown, string | undefined>();
        return async (asked, forward) => {
          const answered = await forward();
          for (const id of closed(asked, answered)) gone.set(id, undefined);
          const stamp = new Date(now()).toISOString();
          for (const id of created(asked, answered)) if (gone.has(id)) gone.set(id, stamp);
          for (const one of groups(answered)) one.updated_at = gone.get(one.id) ?? one.updated_at;
          return answered;
        };
      }),
    },
    {
      id: 'replay-creates-silently',
      statement: 'A repeated idempotency key repeats the answer, but also creates another group.',
      breaks: ['create.same-key-creates-nothing'],
      intercept: repeated(async (asked, forward) => {
        const answered = await forward();
        if (answered.status === 200) await forward(underKey(asked));
        return answered;
      }),
    },
    {
      id: 'replay-creates-legal-entity',
      statement: `A repeated idempotency key creates another group, for a ${about.other} only.`,
      breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing', 'create.same-key-at-once'],
      intercept: repeated((asked, forward) =>
        forward(asked.json[about.choice] === about.other ? underKey(asked) : asked),
      ),
    },
    {
      id: 'replay-for-anybody',
      statement: 'A repeated idempotency key is answered without checking the caller.',
      breaks: ['no-token', 'unrelated-scope', 'accounts-read'].map((caller) => `create.caller.${caller}`),
      intercept: intercepting(() => {
        const answers = new Map<string, Answered>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key') ?? '';
          const truth = await forward();
          if (is(CREATE, 200)(asked, truth)) answers.set(key, truth);
          const known = is(CREATE)(asked) && [401, 403].includes(truth.status) ? answers.get(key) : undefined;
          return known === undefined ? truth : { ...problem(200), body: known.body, headers: typedAsJson() };
        };
      }),
    },
    {
      id: 'replay-after-closing-creates',
      statement: 'A repeated idempotency key creates another group once the first one is closed.',
      breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing'],
      intercept: intercepting(() => {
        const made = new Map<unknown, unknown>();
        const gone = new Set<unknown>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key');
          const isRepeated = is(CREATE)(asked) && gone.has(made.get(key));
          const answered = await forward(isRepeated ? underKey(asked) : asked);
          for (const id of created(asked, answered)) made.set(key, id);
          for (const id of closed(asked, answered)) gone.add(id);
          return answered;
        };
      }),
    },
    {
      id: 'replay-by-another-creates',
      statement: 'An idempotency key that is repeated with other scopes creates another group.',
      breaks: ['create.same-key-same-group', 'create.same-key-creates-nothing', 'create.same-key-other-body'],
      intercept: intercepting(() => {
        const owners = new Map<unknown, string | undefined>();
        return async (asked, forward) => {
          const key = asked.headers.get('idempotency-key') ?? '';
          if (!is(CREATE)(asked) || !isUuid(key) || asked.scopes === undefined) return forward();
          const known = owners.has(key);
          const answered = await forward(known && owners.get(key) !== asked.scopes ? underKey(asked) : asked);
          if (answered.status === 200 && !known) owners.set(key, asked.scopes);
          return answered;
        };
      }),
    },
    {
      id: 'replay-409',
      statement: 'A repeated idempotency key is answered with 409.',
      breaks: ['create.same-key-same-group', 'create.status-documented'],
      intercept: repeated(async (asked, forward) =>
        asked.json[about.choice] === about.other ? forward() : problem(409),
      ),
    },
    {
      id: 'replay-of-an-old-group',
      statement: 'A repeated idempotency key is answered with a group from before the run.',
      breaks: ['create.same-key-same-group'],
      intercept: intercepting(() => {
        const known = new Set<string>();
        let old: Json | undefined;
        return async (asked, forward) => {
          const answered = await forward();
          if (is(LIST, 200)(asked, answered)) old ??= groups(answered)[0];
          if (!is(CREATE, 200)(asked, answered)) return answered;
          const key = `${asked.headers.get('idempotency-key')} ${asked.text}`;
          if (known.has(key) && old !== undefined) answered.body = old;
          known.add(key);
          return answered;
        };
      }),
    },
    {
      id: 'replay-other-number',
      statement: 'A repeated answer shows another account number.',
      breaks: [about.of('immutable')],
      intercept: repeated(async (_, forward) => {
        const answered = await forward();
        for (const one of groups(answered)) one[about.number] = another(one[about.number]);
        return answered;
      }),
    },
    {
      id: 'key-ignored-for-body',
      statement: 'Requests with the same body get the same group, whatever their key.',
      breaks: ['create.other-key-other-group', 'create.new-group'],
      mayBreak: ['create.same-key-other-body', numberServed],
      intercept: intercepting(() => {
        const keys = new Map<string, string>();
        return async (asked, forward) => {
          const own = asked.headers.get('idempotency-key') ?? '';
          if (!is(CREATE)(asked) || !/^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(own)) return forward();
          const requested = `${asked.json[about.owner]} ${asked.json[about.choice]}`.toLowerCase();
          const key = keys.get(requested) ?? own;
          keys.set(requested, key);
          return forward(underKey(asked, key));
        };
      }),
    },
    {
      id: 'key-other-body-creates',
      statement: 'The same key with another body creates a group.',
      breaks: ['create.same-key-other-body'],
      intercept: otherBody((asked, forward) => forward(underKey(asked))),
    },
    {
      id: 'key-other-body-500',
      statement: 'The same key with another body is answered with 500.',
      breaks: ['create.no-server-error', 'create.same-key-other-body'],
      intercept: otherBody(async () => problem(500)),
    },
  ];
};
