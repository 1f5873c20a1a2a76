import type { Api } from '../../harness/case.ts';
import { type Group, shownId } from '../../harness/checks/group.ts';
import { succeeded } from '../../harness/exchange.ts';
import { likeness } from '../fixtures/creation.ts';
import { type Attempt, attempts, created, type Role } from '../fixtures/items.ts';
import { Ledger, type Surprise } from '../fixtures/ledger.ts';
import { timing } from '../fixtures/suspects.ts';

const ROLES: readonly Role[] = ['first', 'second', 'spare'];

/**
 * Judges that each successful creation created one group: no other one of our owners appeared along with it. One that
 * appeared along with a creation that was refused is a finding about refusals.
 */
export async function judgeOneGroupEach(api: Api): Promise<void> {
  await Promise.allSettled(ROLES.map((role) => created(api, role)));
  const ledger = await Ledger.of(api);
  const seen = await api.exclusive('list:alone', () => ledger.before(api, []));
  const tried = await attempts(api);
  const done = tried.filter(({ exchange }) => succeeded(exchange));
  const subjects = api.subjects(
    'create.one-group',
    done.map(({ role }) => role),
  );
  const blamed = new Map<Attempt, Surprise[]>();
  // An answer whose id cannot be read leaves the group that it speaks of unknown.
  const unnamed = new Set(done.filter(({ exchange }) => shownId(exchange) === undefined));
  for (const surprise of ledger.besides) {
    const culprit = await likeliest(api, tried, surprise.group);
    if (culprit !== undefined && !unnamed.delete(culprit))
      blamed.set(culprit, [...(blamed.get(culprit) ?? []), surprise]);
  }
  for (const [{ exchange }, surprises] of blamed)
    if (!succeeded(exchange))
      api.report(
        'create.refused-creates-nothing',
        [exchange, ...(surprises[0]?.pages ?? [])],
        `${surprises.map(({ id }) => id).join(', ')} appeared in the list`,
      );
  for (const attempt of done) {
    const others = blamed.get(attempt) ?? [];
    if (seen.groups === undefined) subjects.blocked(attempt.role, 'allowed-call-fails', 'the list cannot be read');
    else
      subjects.report(
        attempt.role,
        [attempt.exchange, ...(others[0]?.pages ?? seen.pages)],
        others.length > 0 && `${others.map(({ id }) => id).join(', ')} appeared as well`,
      );
  }
}

/** The attempt that a group came with: at the same time, for the same user, of the same type, as far as that decides. */
async function likeliest(api: Api, tried: readonly Attempt[], group: Group): Promise<Attempt | undefined> {
  const isThen = await timing(api, group, 'created_at');
  const score = ({ exchange, body }: Attempt) => (isThen(exchange) ? 4 : 0) + likeness(api, group, body);
  return [...tried].sort((a, b) => score(b) - score(a))[0];
}
