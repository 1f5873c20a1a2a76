import { type Group, idOf, instant } from '../harness/checks/group.ts';
import type { Measured, Page, Walk } from './measured-list.ts';

/** Which group has to stand where. Groups of one instant may stand in any order, another one in each answer. */

export type Places = ReadonlyMap<number, Group>;

const at = (group: Group | undefined) => group && instant(group, 'created_at');

/** The places of the groups that were created at the same instant as the one at a place, itself included. */
function tiedWith(places: Places, place: number): number[] {
  const when = at(places.get(place));
  if (when === undefined) return [place];
  const [left, right] = [-1, 1].map((step) => {
    let end = place;
    while (at(places.get(end + step)) === when) end += step;
    return end;
  });
  return Array.from({ length: (right ?? place) - (left ?? place) + 1 }, (_, index) => (left ?? place) + index);
}

/** True where a group may be shown at a place. */
export function belongs(places: Places, place: number, group: Group): boolean {
  const there = places.get(place);
  if (there === undefined || idOf(there) === idOf(group)) return true;
  return at(there) !== undefined && at(there) === at(group) && tiedWith(places, place).length > 1;
}

/** The first known group that a walk ought to show and does not, or shows twice, in words. */
export function notPartitioned({ name, pages }: Walk, places: Places): string[] {
  const ids = pages.flatMap(({ groups }) => groups.map((group) => idOf(group))).filter((id) => id !== undefined);
  const covered = (page: Page, place: number) => place >= page.offset && place < page.offset + page.limit;
  // Between two answers groups of one instant may change their places; inside one page they cannot.
  const isDivided = (place: number) => {
    const tied = tiedWith(places, place);
    return tied.length > 1 && !pages.some((page) => tied.every((one) => covered(page, one)));
  };
  const expected = [...places]
    .filter(([place, group]) => idOf(group) !== undefined && pages.some((page) => covered(page, place)))
    .map(([place]) => place);
  const missing = expected.find((place) => !ids.includes(idOf(places.get(place) ?? {}) ?? '') && !isDivided(place));
  const placeOf = (id: string) => [...places].find(([, group]) => idOf(group) === id)?.[0];
  const twice = ids.find((id, index) => {
    const place = placeOf(id);
    return ids.indexOf(id) !== index && place !== undefined && !isDivided(place);
  });
  return [
    ...(missing === undefined ? [] : [`${idOf(places.get(missing) ?? {})} is not among the ${name}`]),
    ...(twice === undefined ? [] : [`${twice} is among the ${name} twice`]),
  ];
}

/** Where the largest page in falling order is not the known list read backwards, in words. */
export function notReversed(list: Measured): string | false {
  const { firm, falling, total, isQuiet } = list;
  const known = new Set([...firm.values()].map((group) => idOf(group)));
  const shown = falling.groups.filter((group) => known.has(idOf(group)));
  const places = [...firm.keys()].sort((a, b) => b - a);
  const end = isQuiet ? total - falling.offset : Number.POSITIVE_INFINITY;
  const expected = places
    .filter((place) => place < end && place >= end - falling.limit)
    .map((place) => firm.get(place));
  const mirrored = isQuiet ? expected : expected.slice(expected.length - shown.length);
  // More groups of one instant than a page holds may be others in each answer; then the rest is compared.
  const [left, right] =
    shown.length < mirrored.length ? [withoutTies(mirrored, firm), withoutTies(shown, firm)] : [mirrored, shown];
  for (const [index, group] of left.entries())
    if (idOf(group ?? {}) !== idOf(right[index] ?? {}) && (at(group) === undefined || at(group) !== at(right[index])))
      return `number ${index} of those that are known is ${idOf(right[index] ?? {}) ?? 'missing'} in falling order; mirrored it would be ${idOf(group ?? {})}`;
  const edges = new Set([at(mirrored[0]), at(mirrored.at(-1))]);
  const ids = new Set(shown.map((group) => idOf(group)));
  const lost = mirrored.find((group) => group !== undefined && !ids.has(idOf(group)) && !edges.has(at(group)));
  return lost !== undefined && `${idOf(lost)} is missing in falling order`;
}

/** The groups whose instant no other known group has. */
function withoutTies<G extends Group | undefined>(groups: readonly G[], places: Places): readonly G[] {
  const counts = new Map<number | undefined, number>();
  for (const group of places.values()) counts.set(at(group), (counts.get(at(group)) ?? 0) + 1);
  return groups.filter((group) => counts.get(at(group)) === 1);
}

/** Where a page in falling order does not hold neighbours of the known list, backwards, in words. */
export function notAsRising({ firm, isQuiet, total }: Measured, page: Page): string | false {
  const places = new Map([...firm].map(([place, group]) => [idOf(group), place]));
  const starts = page.groups.flatMap((group, index) => {
    const place = places.get(idOf(group));
    return place === undefined ? [] : [place + index];
  });
  const [start] = starts;
  const isPlace = (place: number) => place >= 0 && (!isQuiet || place < total);
  const stray = (from: number) =>
    page.groups.findIndex((group, index) => !isPlace(from - index) || !belongs(firm, from - index, group));
  if (start === undefined) return false;
  // Groups of one instant may have changed places, so that none of them says for certain where the page starts.
  const [first, last] = [Math.min(...starts) - page.groups.length, Math.max(...starts) + page.groups.length];
  for (let from = first; from <= last; from++) if (stray(from) < 0) return false;
  const index = stray(start);
  return `${idOf(page.groups[index] ?? {})} stands in falling order where number ${start - index} of rising order should`;
}
