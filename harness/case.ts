import type { Keys } from './checks/delivery-signature.ts';
import type { Findings } from './checks/finding.ts';
import type { RequestSpec } from './client/request-spec.ts';
import type { Clock } from './client/wire.ts';
import type { Contract } from './contract/index.ts';
import type { Area } from './contract/requirements.ts';
import type { Delivery, SignedDelivery } from './delivery.ts';
import type { Exchange } from './exchange.ts';
import type { Registrations } from './run/subscription.ts';
import type { Profile } from './verdicts/profile.ts';

/** Why something could not be tried although nothing switched it off. */
export type Prerequisite =
  | 'no-prerequisite'
  | 'no-group'
  | 'no-group-to-read'
  | 'too-few-groups'
  | 'no-scope'
  | 'no-token'
  | 'list-keeps-changing'
  | 'type-refused'
  | 'not-closable'
  | 'not-closed'
  | 'allowed-call-fails'
  | 'no-webhook'
  | 'no-event'
  | 'no-verify-keys'
  | 'not-in-contract';

/**
 * Why something was not tried on purpose, by a setting or by a line of the target's profile. A closed list: whatever is
 * not here must be tried.
 */
export const EXCLUDED = {
  'not-in-contract': 'the contract does not say what it takes to try this',
  'writes-off': 'WRITES=off: account groups may not be created or closed',
  'tokens-outlive-the-run': 'the tokens of this target live longer than a run may wait',
  unsigned: 'requests are not signed: SIGNING_KEY_FILE is not set',
  'no-webhook-listener':
    'nobody listens for deliveries: set WEBHOOK_LISTEN, and WEBHOOK_URL where the target reaches it under another address',
  'deliveries-unsigned': 'deliveries are not said to be signed: set WEBHOOK_SIGNED=on where they are',
  'signed-by-proxy': 'SIGNED_BY_PROXY=on: the signing proxy mends such requests, or answers them itself',
  'profile-approval': 'its profile says "approval: manual": a group that waits for approval cannot be closed',
  'profile-closing': 'its profile says "closing: manual": no closing is completed within a run',
  'profile-types': 'its profile names the types of groups that can be created, and not this one',
  'profile-scopes': 'its profile names the scopes that can be had, and not what this needs',
} as const;
export type Exclusion = keyof typeof EXCLUDED;

/**
 * A prerequisite is missing; whatever the case has not judged yet becomes `blocked`, or `excluded` where the profile of
 * the target says so.
 */
export class Blocked extends Error {
  override readonly name = 'Blocked';
  readonly prerequisite: Prerequisite;
  /** The scopes, or the types, that are missing, where it is these. */
  readonly wanted: readonly string[];

  constructor(prerequisite: Prerequisite, detail: string, wanted: readonly string[] = []) {
    super(detail);
    this.prerequisite = prerequisite;
    this.wanted = wanted;
  }
}

/** An operation in a situation: what is asked, and which requirements the answers can prove. A value; nothing happens until it is run. */
export interface Case {
  readonly id: string;
  readonly area: Area;
  /** Name of the operation, where there is one. */
  readonly operation?: string;
  /** A fact in the present. */
  readonly title: string;
  /** Ids of the requirements that it is made for. Every exchange is judged by all general requirements besides. */
  readonly covers: readonly string[];
  /** Ids of what any case is made for. What of these the contract does not promise may be judged, and is dropped. */
  readonly known?: ReadonlySet<string>;
  /** Creates or closes account groups. */
  readonly writes: boolean;
  /** Runs after all others that were asked for: it uses up what they share. */
  readonly last?: true;
  /** Comes from a module of the setting `CASES`, which the proof of the suite does not cover. */
  readonly own?: true;
  run(api: Api): Promise<void>;
}

/** What a case asks, beside the question itself. */
export interface CaseRequest extends Omit<RequestSpec, 'caller'> {
  /** Who asks; by default somebody with all scopes of the resource. */
  readonly caller?: RequestSpec['caller'];
  /** Requirements about the status of this answer; each is judged at once. */
  readonly expects?: readonly string[];
  /** Asked before all that waits for its turn: what an earlier answer says is true for a moment only. */
  readonly isUrgent?: true;
}

/** What a case has declared to judge a requirement by. A name that was not declared is a TypeError. */
export interface Subjects {
  /** Judges the requirement by one subject; `seen` as in {@link Api.report}. */
  report(name: string, exchanges: readonly Exchange[], ...seen: ReadonlyArray<string | false | undefined>): void;
  blocked(name: string, prerequisite: Prerequisite, detail: string): void;
}

/** All that a case can do. It sees no URL, no token and no environment variable. */
export interface Api {
  readonly contract: Contract;
  readonly clock: Clock;
  readonly seed: number;
  /** Longest wait for a group to reach a status, in milliseconds. */
  readonly settleMs: number;
  readonly writes: boolean;
  /** Who signs the requests. */
  readonly signed: 'here' | 'by-proxy' | 'not';
  /** Asks, records, and judges by every general requirement. */
  ask(question: CaseRequest): Promise<Exchange>;
  /** Judges requirements about the status of an answer, as `expects` does; here and below, only what the contract promises. */
  judgeStatus(requirements: readonly string[], exchange: Exchange): void;
  /** Judges one requirement; `seen` says what is wrong, one text a violation, and nothing where it is kept. */
  report(requirement: string, exchanges: readonly Exchange[], ...seen: ReadonlyArray<string | false | undefined>): void;
  /**
   * Declares what the case is going to judge the requirement by: these groups, pages or callers. Where the case ends
   * without a finding about one of them, the requirement is blocked, even if it was kept everywhere else.
   */
  subjects(requirement: string, names: readonly string[]): Subjects;
  /**
   * Nothing could be shown; outranks that the requirement was kept elsewhere, not that it was violated. Where a line of
   * the profile declares what is missing, the requirement is `excluded` instead.
   */
  blocked(requirement: string, prerequisite: Prerequisite, detail: string): void;
  /** The same for what was thrown: {@link Blocked}, or a scope that is refused. Throws anything else again. */
  prevented(requirement: string, error: unknown): void;
  excluded(requirement: string, reason: Exclusion): void;
  /** What the target can do, as its file in `targets/` declares it. */
  readonly profile: Profile;
  /** A fact that several cases share: made by whoever asks first. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  /**
   * Runs a section that must not overlap with sections of another kind in the same domain; with no other section at
   * all where the kind is `alone`. A section inside one that it would have to wait for is a TypeError.
   */
  exclusive<T>(
    section: 'list:adding' | 'list:measuring' | 'list:alone' | 'groups:alone',
    act: () => Promise<T>,
  ): Promise<T>;
  /**
   * Id of something that has to exist before, by its name under `x-prerequisites` of the contract; things of one index
   * belong together. Rejects with {@link Blocked} if there is none to be had.
   */
  prerequisite(name: string, index: 0 | 1 | 2): Promise<string>;
  /** The account groups that the run has caused. */
  readonly groups: Caused;
  /** What the run has asked so far and was refused, by any case. */
  refused(): readonly Exchange[];
  /** True if whom items belong to is named by a setting, which may be wrong, and not made by the run. */
  readonly ownersGiven: boolean;
  /** True where deliveries are said to be signed. */
  readonly deliveriesSigned: boolean;
  /** What the target delivers to this run, which is registered for it at the first call; `undefined` where nobody listens. */
  deliveries(): Promise<Deliveries | undefined>;
  /** What was registered for deliveries, or tried to be, as evidence of the case that looks. */
  registrations(): Promise<Registrations | undefined>;
  /** A token with these scopes, and when it has expired for certain. */
  token(
    scopes: readonly string[],
  ): Promise<{ readonly value: string; readonly expiredBy: number; readonly lifetimeMs: number }>;
}

/** Account groups that a run has caused: they are closed in the end, and listed in its footprint. */
export interface Caused {
  /** True for a group that an answer has shown as created, or that was added here. */
  has(id: string): boolean;
  /** Adds a group that came to be although no answer says so. */
  add(id: string): void;
  /** Ids of those that nobody has seen closing. */
  open(): readonly string[];
}

/** What a target delivers to a run. */
export interface Deliveries {
  /** What was registered. */
  readonly url: URL;
  /** All that came so far, as evidence of the case that looks. */
  received(): readonly SignedDelivery[];
  /** What came to a registration after it was removed. */
  afterRemoval(): readonly Delivery[];
  /** Waits for deliveries until they satisfy; false where they do not within the settling time. */
  until(satisfied: (deliveries: readonly Delivery[]) => boolean): Promise<boolean>;
  /** Rejects with {@link Blocked} where the target does not show its keys. */
  keys(): Promise<Keys>;
}

/** What running a case has shown. Plain data. */
export interface CaseResult {
  readonly case: string;
  /** Exchanges of this case, and those of others that its findings rest on. */
  readonly exchanges: readonly Exchange[];
  readonly findings: Readonly<Record<string, Findings>>;
  /** Requirements that could not be shown as intended, and why; some may have been judged by other subjects. */
  readonly blocked: Readonly<Record<string, string>>;
  readonly excluded: Readonly<Record<string, Exclusion>>;
  /** The suite could not tell, and why. */
  readonly error: string | undefined;
}
