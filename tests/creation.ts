import { randomUUID } from 'node:crypto';
import { type Api, Blocked } from '../harness/case.ts';
import { type Group, text } from '../harness/checks/group.ts';
import { givenInPath } from '../harness/contract/creation.ts';
import { formsOf } from '../harness/contract/forms.ts';
import type { Contract, Operation } from '../harness/contract/index.ts';
import { isObject, isTextList, type JsonObject } from '../harness/contract/nodes.ts';
import type { Member } from '../harness/contract/resource.ts';
import { spellings } from '../harness/contract/spellings.ts';
import { has } from '../harness/profile.ts';

/** Requests for new items: whom they are for, what kind they are of, and what has to exist before. */

/** The owners and the like that a run has made belong together by their index. */
export type OwnerIndex = 0 | 1 | 2;

/** A request for a new item. */
export type NewItem = JsonObject;

/** The operation that creates items. @throws {Blocked} if the contract has none. */
export function creationOf({ resource }: Contract): Operation {
  if (resource.create !== undefined) return resource.create;
  throw new Blocked('not-in-contract', `the contract has no operation that creates ${resource.many}`);
}

/** The kinds of items that the contract lets anybody choose from; a single nameless one if there is no choice. */
export const kindsToChoose = ({ resource }: Contract): readonly string[] => resource.creation.choice?.words ?? [''];

/**
 * The kinds of items that can be created, as far as the profile of the target says, in the order in which they are asked
 * for. A run creates items of two kinds: the first that the contract names, and, by the seed, one of the others, of which the
 * last named are the newest.
 */
export function creatable(api: Api): string[] {
  const [first, ...rest] = kindsToChoose(api.contract).filter((kind) => kind === '' || has(api.profile.types, kind));
  const newest = rest.reverse();
  const start = (api.seed + newest.length - 1) % Math.max(1, newest.length);
  return first === undefined ? [] : [first, ...newest.slice(start), ...newest.slice(0, start)];
}

/** A valid request for an item. */
export async function newItem(
  api: Api,
  owner: OwnerIndex = 0,
  kind: string = kindsToChoose(api.contract)[0] ?? '',
): Promise<NewItem> {
  const { given, choice, rest } = api.contract.resource.creation;
  const ids = given.map(
    async ({ member, prerequisite }) => [member, await api.prerequisite(prerequisite, owner)] as const,
  );
  return {
    ...Object.fromEntries(await Promise.all(ids)),
    ...(choice && { [choice.member]: kind }),
    ...rest,
  };
}

/** Requests of the other forms that a creation may have, for something that does not exist. */
export function otherForms({ doc, resource, schemas }: Contract): NewItem[] {
  return formsOf(doc, resource.create?.requestBody?.schema)
    .slice(1)
    .map((form) => {
      const required = isObject(form.value) && isTextList(form.value.required) ? form.value.required : [];
      const usual = (member: string) => {
        const schema = doc.child(form, 'properties', member);
        return schema && spellings(schemas, schema, randomUUID())[0];
      };
      return Object.fromEntries(required.map((member) => [member, usual(member)]));
    });
}

/** The path of an operation for an item, with everything else that it names. */
export async function pathFor(
  api: Api,
  operation: Operation,
  id: string | (() => Promise<string>),
): Promise<Record<string, string>> {
  const { idParameter } = api.contract.resource;
  const given = givenInPath(api.contract.doc, operation).map(
    async ({ member, prerequisite }) => [member, await api.prerequisite(prerequisite, 0)] as const,
  );
  const path: Record<string, string> = Object.fromEntries(await Promise.all(given));
  if (operation.path.includes(`{${idParameter}}`)) path[idParameter] = typeof id === 'string' ? id : await id();
  return path;
}

/** Whom a request asks for an item for, in lower case; `undefined` if it does not say. */
export function ownerAsked({ contract }: Api, body: unknown): string | undefined {
  const [owner] = contract.resource.creation.given;
  const value = owner !== undefined && isObject(body) ? body[owner.member] : undefined;
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

/** The kind of item that a request asks for. */
export function kindAsked({ contract }: Api, body: NewItem): string {
  const { choice } = contract.resource.creation;
  return choice === undefined ? '' : String(body[choice.member]);
}

/** The kind that an item shows, if it shows what was chosen. */
export function kindShown({ contract }: Api, item: Group): string | undefined {
  const { choice } = contract.resource.creation;
  const member = contract.resource.members.find(({ askedAs }) => askedAs === choice?.member);
  return choice === undefined || member === undefined ? '' : text(item, member.name);
}

/** Whom an item belongs to, by what it shows, in lower case. */
export function ownersOf({ contract }: Api, item: Group): string[] {
  const { owners } = contract.resource;
  return owners === undefined ? [] : idsIn(item[owners.name]);
}

/** How well an item fits a request, for whoever has to guess which request it came of. */
export function likeness(api: Api, item: Group, body: NewItem): number {
  const isOwner = ownersOf(api, item).includes(ownerAsked(api, body) ?? '');
  return (isOwner ? 2 : 0) + (kindShown(api, item) === kindAsked(api, body) ? 1 : 0);
}

/** What a member of a new item shows otherwise than it was asked for, in words. */
export function otherThanAsked({ name, askedAs = '', askedWith }: Member, item: Group, body: NewItem): string | false {
  const [shown, asked] = [item[name], body[askedAs]];
  const told = `${JSON.stringify(shown)} for ${JSON.stringify(asked)}`;
  if (!Array.isArray(shown)) return JSON.stringify(shown) !== JSON.stringify(asked) && told;
  const mine = shown.find((one) => (isObject(one) ? one.id : one) === asked);
  if (mine === undefined) return told;
  const isOther = ([key, value]: [string, unknown]) => isObject(mine) && mine[key] !== undefined && mine[key] !== value;
  return Object.entries(askedWith).some(isOther) && told;
}

function idsIn(value: unknown): string[] {
  const values = Array.isArray(value) ? value.map((one) => (isObject(one) ? one.id : one)) : [value];
  return values.flatMap((one) => (typeof one === 'string' ? [one.toLowerCase()] : []));
}
