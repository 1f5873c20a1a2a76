import { type DocumentReader, isObject, isTextList, type Node } from './document.ts';
import type { Operation } from './operations.ts';

/** The event that announces a step in the life of an item. */
export interface Announcement {
  /** {@link CREATION}, or the status that the item enters. */
  readonly step: string;
  /** `type` of the event. */
  readonly type: string;
  /** Id of the requirement that the event comes. */
  readonly requirement: string;
}

/** The step that is no status. */
export const CREATION = 'creation';

/** How the events of a resource are laid out. */
export interface Events {
  /** What a delivery holds; `undefined` if the contract describes no events. */
  readonly envelope: Node | undefined;
  /** The member of the envelope that holds the events. */
  readonly payload: string;
  /** A single event. */
  readonly event: Node | undefined;
  /** The member of an event that holds the resource. */
  readonly object: string;
  /** The member of an event that says what happened. */
  readonly type: Node | undefined;
  /** Every `type` that an event may have. */
  readonly types: readonly string[];
  readonly announcements: readonly Announcement[];
}

const NO_EVENTS: Events = {
  envelope: undefined,
  payload: '',
  event: undefined,
  object: '',
  type: undefined,
  types: [],
  announcements: [],
};

/** The events of the webhook whose events hold the resource: in an envelope, in a list that is its only one. */
export function readEvents(
  doc: DocumentReader,
  webhooks: readonly Operation[],
  isResource: (schema: Node) => boolean,
): Events {
  for (const { requestBody } of webhooks) {
    const envelope = requestBody?.schema;
    for (const [payload, list] of doc.children(envelope && doc.child(envelope, 'properties'))) {
      const event = doc.child(list, 'items');
      const members = doc.children(event && doc.child(event, 'properties'));
      const object = members.find(([, schema]) => isResource(schema))?.[0];
      if (object === undefined) continue;
      const type = members.find(([, { value }]) => isObject(value) && 'x-announces' in value)?.[1];
      return { envelope, payload, event, object, type, types: wordsOf(type), announcements: announced(doc, type) };
    }
  }
  return NO_EVENTS;
}

const wordsOf = (type: Node | undefined) =>
  type !== undefined && isObject(type.value) && isTextList(type.value.enum) ? type.value.enum : [];

function announced(doc: DocumentReader, type: Node | undefined): Announcement[] {
  return doc.children(type && doc.child(type, 'x-announces')).map(([step, { value }]) => {
    const word = String(value);
    return { step, type: word, requirement: `event.${word.split('.')[1]?.toLowerCase().replaceAll('_', '-')}` };
  });
}
