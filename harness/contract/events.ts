import { type DocumentReader, isObject, isTextList, type Node } from './document.ts';
import type { Operation } from './operations.ts';

/** The event that announces a step in the life of an item. */
export interface Announcement {
  /** {@link CREATION}, or the status that the item enters. */
  readonly step: string;
  /** `type` of the event. */
  readonly type: string;
  /** Id of the requirement that the event is delivered. */
  readonly requirement: string;
}

/** The only step that is not a status. */
export const CREATION = 'creation';

/** The structure of the events of a resource. */
export interface Events {
  /** The schema of a delivery; `undefined` if the contract describes no events. */
  readonly envelope: Node | undefined;
  /** The member of the envelope with the events. */
  readonly payload: string;
  /** The schema of a single event. */
  readonly event: Node | undefined;
  /** The member of an event with the resource. */
  readonly object: string;
  /** The schema of the member of an event that says what happened. */
  readonly type: Node | undefined;
  /** The legal event types. */
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

/** The events of the first webhook that delivers the resource: in a list of events in an envelope. */
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
