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

/** Why something could not be tried although no setting and no profile line excludes it. */
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
 * Why something was deliberately not tried: a setting, or a line of the target's profile. The list is closed: anything
 * without a reason in it must be tried.
 */
export const EXCLUDED = {
  'not-in-contract': 'the contract does not say how to try this',
  'writes-off': 'WRITES=off: account groups may not be created or closed',
  'tokens-outlive-the-run': 'tokens of this target live longer than a run is allowed to wait',
  unsigned: 'requests are not signed: SIGNING_KEY_FILE is not set',
  'no-webhook-listener':
    'no listener for deliveries: set WEBHOOK_LISTEN, and WEBHOOK_URL if the target reaches the listener at another address',
  'deliveries-unsigned': 'deliveries are not declared as signed: set WEBHOOK_SIGNED=on if they are',
  'signed-by-proxy': 'SIGNED_BY_PROXY=on: the signing proxy repairs such requests, or answers them itself',
  'profile-approval': 'the profile says "approval: manual": a group that waits for approval cannot be closed',
  'profile-closing': 'the profile says "closing: manual": no closing completes within a run',
  'profile-types': 'the profile lists the types of group that can be created, and this one is not among them',
  'profile-scopes': 'the profile lists the scopes that are granted, and one that this needs is not among them',
} as const;
export type Exclusion = keyof typeof EXCLUDED;

/**
 * A prerequisite is missing. Whatever the case has not judged yet becomes `blocked`, or `excluded` if the target's
 * profile declares the lack.
 */
export class Blocked extends Error {
  override readonly name = 'Blocked';
  readonly prerequisite: Prerequisite;
  /** The scopes or types that were needed; empty if something else is missing. */
  readonly needed: readonly string[];

  constructor(prerequisite: Prerequisite, detail: string, needed: readonly string[] = []) {
    super(detail);
    this.prerequisite = prerequisite;
    this.needed = needed;
  }
}

/**
 * An operation in a situation: the requests, and the requirements that their answers can prove. A plain value: nothing is
 * sent until {@link Case.run}.
 */
export interface Case {
  readonly id: string;
  readonly area: Area;
  /** Name of the operation, if the case is about one. */
  readonly operation?: string;
  /** The promise as a statement in the present tense; it becomes the title of the test. */
  readonly title: string;
  /**
   * Ids of the requirements that the case is written for. Its exchanges are judged by all general requirements as well.
   */
  readonly covers: readonly string[];
  /**
   * Ids that any case covers. A finding on one of these that this contract does not promise is dropped; any other
   * unknown id is an error.
   */
  readonly known?: ReadonlySet<string>;
  /** Creates or closes account groups. */
  readonly writes: boolean;
  /** Runs after all other selected cases, because it uses up what they share. */
  readonly last?: true;
  /** Comes from a module of the setting `CASES`, which the proof of the suite does not cover. */
  readonly own?: true;
  run(api: Api): Promise<void>;
}

/** A request as a case writes it. */
export interface CaseRequest extends Omit<RequestSpec, 'caller'> {
  /** Defaults to a caller with every scope of the resource. */
  readonly caller?: RequestSpec['caller'];
  /** Requirements on the status of the answer, judged as soon as it arrives. */
  readonly expects?: readonly string[];
  /** Asked before all that waits for its turn: what an earlier answer says is true for a moment only. */
  readonly isUrgent?: true;
}

/**
 * The declared subjects of a requirement: groups, pages or callers.
 *
 * @throws {TypeError} for a name that was not declared.
 */
export interface Subjects {
  /** Reports what one subject shows; `seen` as in {@link Api.report}. */
  report(name: string, exchanges: readonly Exchange[], ...seen: ReadonlyArray<string | false | undefined>): void;
  blocked(name: string, prerequisite: Prerequisite, detail: string): void;
}

/** Everything a case can do. It sees no URL, no secret and no environment variable. */
export interface Api {
  readonly contract: Contract;
  readonly clock: Clock;
  readonly seed: number;
  /** Longest wait for a group to reach a status, in milliseconds. */
  readonly settleMs: number;
  readonly writes: boolean;
  /** Whether requests are signed, and by whom: this process, or a proxy in front of the target. */
  readonly signed: 'here' | 'by-proxy' | 'not';
  /** Sends a request, records the exchange, and judges it by every general requirement. */
  ask(request: CaseRequest): Promise<Exchange>;
  /**
   * Judges requirements on the status of an answer, as `expects` does. Here and below, ids that the contract does not
   * promise are dropped.
   */
  judgeStatus(requirements: readonly string[], exchange: Exchange): void;
  /** Reports a finding on one requirement: one text in `seen` per violation, none if it is kept. */
  report(requirement: string, exchanges: readonly Exchange[], ...seen: ReadonlyArray<string | false | undefined>): void;
  /**
   * Declares the groups, pages or callers by which the case is going to judge the requirement. If it ends without a
   * finding on one of them, the requirement is blocked, even if all others kept it.
   */
  subjects(requirement: string, names: readonly string[]): Subjects;
  /**
   * The requirement could not be judged. This outranks `passed` in another case, but not `failed`. If a line of the
   * profile declares what is missing, the requirement is `excluded` instead.
   */
  blocked(requirement: string, prerequisite: Prerequisite, detail: string): void;
  /** {@link blocked} for a caught {@link Blocked} error or refused scope. Rethrows any other error. */
  prevented(requirement: string, error: unknown): void;
  excluded(requirement: string, reason: Exclusion): void;
  /** What the target can do, according to its file in `targets/`. */
  readonly profile: Profile;
  /** A value that several cases share, made once, by the first call with this key. */
  once<T>(key: string, make: () => Promise<T>): Promise<T>;
  /**
   * Runs a section that must not overlap with sections of another kind in the same domain, or, if its kind is `alone`,
   * with any other section of it.
   *
   * @throws {TypeError} if it is nested in a section that it would have to wait for
   */
  exclusive<T>(
    section: 'list:adding' | 'list:measuring' | 'list:alone' | 'groups:alone',
    act: () => Promise<T>,
  ): Promise<T>;
  /**
   * Id of an object that has to exist first, by its name under `x-prerequisites` in the contract. Objects with the same
   * index belong together.
   *
   * @throws {Blocked} if there is none and it cannot be created
   */
  prerequisite(name: string, index: 0 | 1 | 2): Promise<string>;
  /** The account groups that the run has created. */
  readonly groups: Caused;
  /** The refused exchanges of the run so far, of all cases. */
  refused(): readonly Exchange[];
  /** True if a setting names the owners of new items, so that they may be wrong; false if the run creates them. */
  readonly ownersGiven: boolean;
  /** True if the settings say that deliveries are signed. */
  readonly deliveriesSigned: boolean;
  /** The deliveries to this run, which registers for them on the first call; `undefined` without a listener. */
  deliveries(): Promise<Deliveries | undefined>;
  /**
   * The registrations for deliveries, including failed attempts. Reading them adds their exchanges to the evidence of
   * the case.
   */
  registrations(): Promise<Registrations | undefined>;
  /**
   * A token with these scopes, its lifetime, and the time by which it has certainly expired (milliseconds since the
   * epoch).
   */
  token(
    scopes: readonly string[],
  ): Promise<{ readonly value: string; readonly expiredBy: number; readonly lifetimeMs: number }>;
}

/** Account groups that a run has created. They are closed at its end and listed in its footprint. */
export interface Caused {
  /** True for a group that an answer showed as created, or that was added here. */
  has(id: string): boolean;
  /** Adds a group that was created although no answer says so. */
  add(id: string): void;
  /** Ids of the groups that no exchange has shown as closing or closed. */
  open(): readonly string[];
}

/** The deliveries of a target to a run. */
export interface Deliveries {
  /** The registered URL. */
  readonly url: URL;
  /** All deliveries so far. Reading them adds them to the evidence of the case. */
  received(): readonly SignedDelivery[];
  /** Deliveries to a registration after its removal. */
  afterRemoval(): readonly Delivery[];
  /** Waits until the deliveries satisfy the predicate; false if the settling time ends first. */
  until(satisfied: (deliveries: readonly Delivery[]) => boolean): Promise<boolean>;
  /** The keys that verify deliveries. @throws {Blocked} if the target does not publish them */
  keys(): Promise<Keys>;
}

/** What a case has shown. Plain data. */
export interface CaseResult {
  readonly case: string;
  /** Exchanges of this case, and those of other cases that its findings rest on. */
  readonly exchanges: readonly Exchange[];
  readonly findings: Readonly<Record<string, Findings>>;
  /** Reasons why requirements could not be judged in full, by id; other subjects may still have been judged. */
  readonly blocked: Readonly<Record<string, string>>;
  readonly excluded: Readonly<Record<string, Exclusion>>;
  /** Why the case ended in an error; `undefined` if it did not. */
  readonly error: string | undefined;
}
