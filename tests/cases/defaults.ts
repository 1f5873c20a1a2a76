import type { Api } from '../../harness/case.ts';
import { type Group, instant, pageOf } from '../../harness/checks/group.ts';
import { defaultOf, isSoundMeta } from '../../harness/checks/page.ts';
import { excerpt } from '../../harness/contract/schemas.ts';
import { totalOf } from '../fixtures/look.ts';
import { bounds, type Measured, type MeasuredPage } from '../fixtures/measured-list.ts';
import { belongs } from '../fixtures/places.ts';

/** Judges that each parameter that is left out counts as its default. */
export function judgeDefaults(api: Api, list: Measured): void {
  for (const parameter of ['limit', 'sort', 'order'] as const) {
    const requirement = `list.query.${parameter}.default`;
    const subjects = api.subjects(requirement, [`${parameter} left out`, 'everything left out']);
    for (const [name, left] of [
      [`${parameter} left out`, parameter],
      ['everything left out', 'everything'],
    ] as const) {
      const page = list.without.get(left);
      if (page === undefined || !page.isReadable) {
        subjects.blocked(name, 'allowed-call-fails', `answered with ${page?.exchange.response.status}`);
        continue;
      }
      const wrong = parameter === 'limit' ? wrongSize(list, page) : wrongOrder(api, list, page, parameter, left);
      subjects.report(name, [page.exchange, list.first.exchange], echoedWrongly(api, page, parameter), wrong);
    }
  }
}

/** What a page says about a parameter that was left out; of `sort` the vendor's own example says something else. */
function echoedWrongly(api: Api, { exchange }: MeasuredPage, parameter: 'limit' | 'sort' | 'order'): string | false {
  const echoed = pageOf(exchange)?.meta[parameter];
  return (
    parameter !== 'sort' &&
    isSoundMeta(api.contract, parameter, echoed) &&
    echoed !== defaultOf(api.contract, parameter) &&
    `meta.${parameter} is ${excerpt(echoed)}`
  );
}

function wrongSize(list: Measured, page: MeasuredPage): string | false {
  const { first, isQuiet } = list;
  // A page that is cut everywhere has a finding of its own.
  const seen = Math.min(page.limit, first.size);
  const { least, most } = isQuiet && first.size < first.limit ? { least: seen, most: seen } : bounds(list, page);
  return (page.size < least || page.size > most) && `${page.size} groups, of ${totalOf(page.exchange) ?? list.total}`;
}

/**
 * The order of a page without a parameter. Where everything is left out, a list that is turned round says something
 * about `order`, and any other sequence something about `sort`.
 */
function wrongOrder(
  api: Api,
  list: Measured,
  page: MeasuredPage,
  parameter: 'sort' | 'order',
  left: 'limit' | 'sort' | 'order' | 'everything',
): string | false {
  const shown = page.groups.filter((group, place) => !belongs(list.firm, place, group));
  if (shown.length === 0) return false;
  const isTurned = isFalling(page.groups) !== isFalling(list.first.groups) && isSorted(page.groups);
  const isOther = left !== 'everything' || (parameter === 'order') === isTurned;
  return isOther && `other groups than with ${parameter}=${String(defaultOf(api.contract, parameter))}`;
}

const timesOf = (groups: readonly Group[]) => groups.map((group) => instant(group, 'created_at') ?? 0);

const isSorted = (groups: readonly Group[]) =>
  isFalling(groups) || timesOf(groups).every((time, index, times) => time >= (times[index - 1] ?? time));

const isFalling = (groups: readonly Group[]) =>
  timesOf(groups).every((time, index, times) => time <= (times[index - 1] ?? time));
