import { type Creation, readCreation } from './creation.ts';
import { type DocumentReader, isObject, type JsonObject, type Node } from './document.ts';
import { type Events, readEvents } from './events.ts';
import { formsOf } from './forms.ts';
import { kebab } from './keywords/values.ts';
import { CLOSE, CREATE, type Kind, LIST, RETRIEVE } from './kinds.ts';
import { hasLifeCycle, type LifeCycle, readLifeCycle } from './life-cycle.ts';
import type { Operation } from './operations.ts';
import { byPrimacy, describedBy } from './roles.ts';

/** A member of the resource, with what extensions of the contract say about it. */
export interface Member {
  readonly name: string;
  readonly schema: Node;
  readonly required: boolean;
  /** `x-immutable`: it never changes. */
  readonly immutable: boolean;
  /** `x-unique`: no two items share its value. */
  readonly unique: boolean;
  /** `x-asked-as`: the member of the creation request whose value it shows. */
  readonly askedAs: string | undefined;
  /** `x-asked-with`: further members with fixed values, if it is a list of objects. */
  readonly askedWith: JsonObject;
}

/** The part of an exchange that identifies its operation. */
interface Answer {
  readonly operation: string | undefined;
}

/**
 * The resource that a document describes: operations by kind, identity, members, life cycle and events. What the document
 * does not say is empty or `undefined`.
 */
export class Resource {
  /** Prefix of the ids of its promises: the name of its component in kebab case. */
  readonly name: string;
  /** Its name for sentences, in singular and plural. */
  readonly one: string;
  readonly many: string;
  /** Name of the component schema that describes it. */
  readonly component: string;
  readonly schema: Node | undefined;
  /** The schemas that an item may follow, the usual one first. */
  readonly forms: readonly Node[];
  readonly members: readonly Member[];
  /** The list of all items comes first. */
  readonly lists: readonly Operation[];
  readonly create: Operation | undefined;
  readonly retrieve: Operation | undefined;
  readonly close: Operation | undefined;
  /** The path parameter that names an item. */
  readonly idParameter: string;
  /** The member with the life cycle. */
  readonly status: Member | undefined;
  readonly creation: Creation;
  readonly life: LifeCycle;
  readonly events: Events;
  readonly #kinds: ReadonlyMap<string, Kind>;

  constructor(doc: DocumentReader, operations: readonly Operation[], webhooks: readonly Operation[]) {
    const of = (kind: Kind) => operations.filter((operation) => operation.kind === kind).sort(byPrimacy);
    const schema = describedBy(doc, operations);
    this.forms = formsOf(doc, schema);
    const [usual] = this.forms;
    this.component = usual?.pointer.split('/').at(-1) ?? '';
    this.name = kebab(this.component);
    this.one = titleOf(usual) ?? this.name.replaceAll('-', ' ');
    this.many = `${this.one}s`;
    this.schema = schema;
    this.members = membersOf(doc, this.forms);
    this.lists = of(LIST);
    this.create = of(CREATE)[0];
    this.retrieve = of(RETRIEVE)[0];
    this.close = of(CLOSE)[0];
    this.idParameter = /\{([^{}/]+)\}$/.exec((this.retrieve ?? this.close)?.path ?? '')?.[1] ?? '';
    this.status = this.members.find(({ schema }) => hasLifeCycle(schema));
    this.creation = readCreation(doc, this.create);
    this.life = readLifeCycle(this.status?.schema);
    this.events = readEvents(doc, webhooks, (one) => this.describes(one));
    this.#kinds = new Map(operations.flatMap(({ name, kind }) => (kind === undefined ? [] : [[name, kind] as const])));
  }

  /** The list of all items; `undefined` if the contract has none. */
  get list(): Operation | undefined {
    return this.lists[0];
  }

  /** The member that shows the owners of an item. */
  get owners(): Member | undefined {
    const [owner] = this.creation.given;
    return owner && this.members.find(({ askedAs }) => askedAs === owner.member);
  }

  /** True for the schema of an item, or of one of its forms. */
  describes({ pointer }: Node): boolean {
    return pointer === this.schema?.pointer || this.forms.some((form) => form.pointer === pointer);
  }

  member(name: string): Member | undefined {
    return this.members.find((member) => member.name === name);
  }

  /** The list operation of an exchange; `undefined` if it is of another kind. */
  listOf(answer: Answer): Operation | undefined {
    return this.lists.find(({ name }) => name === answer.operation);
  }

  isListing(answer: Answer): boolean {
    return this.#does(answer, LIST);
  }

  isCreation(answer: Answer): boolean {
    return this.#does(answer, CREATE);
  }

  isRetrieval(answer: Answer): boolean {
    return this.#does(answer, RETRIEVE);
  }

  isClosing(answer: Answer): boolean {
    return this.#does(answer, CLOSE);
  }

  #does({ operation }: Answer, kind: Kind): boolean {
    return operation !== undefined && this.#kinds.get(operation) === kind;
  }
}

function titleOf(schema: Node | undefined): string | undefined {
  const title = schema !== undefined && isObject(schema.value) ? schema.value.title : undefined;
  return typeof title === 'string' ? title.toLowerCase() : undefined;
}

/** The members of all forms. If several forms have a member, the first one counts. */
function membersOf(doc: DocumentReader, forms: readonly Node[]): Member[] {
  const all = forms.flatMap((form) => membersOfForm(doc, form));
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

function membersOfForm(doc: DocumentReader, schema: Node): Member[] {
  const required = isObject(schema.value) ? schema.value.required : undefined;
  return doc.children(doc.child(schema, 'properties')).map(([name, child]) => {
    const value = isObject(child.value) ? child.value : {};
    const askedAs = value['x-asked-as'];
    return {
      name,
      schema: child,
      required: Array.isArray(required) && required.includes(name),
      immutable: value['x-immutable'] === true,
      unique: value['x-unique'] === true,
      askedAs: typeof askedAs === 'string' ? askedAs : undefined,
      askedWith: isObject(value['x-asked-with']) ? value['x-asked-with'] : {},
    };
  });
}
