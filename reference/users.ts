import { isJsonObject, type JsonObject } from './bodies.ts';
import { Problem } from './problems.ts';
import { isUuid } from './validation.ts';

type Test = (value: unknown) => boolean;
/** The members of a closed object, and whether each is required. */
type Shape = Readonly<Record<string, readonly [test: Test, required: boolean]>>;

const text =
  (least: number, most: number): Test =>
  (value) =>
    typeof value === 'string' && length(value) >= least && length(value) <= most;
const matching =
  (pattern: RegExp): Test =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const object =
  (shape: Shape): Test =>
  (value) =>
    isJsonObject(value) && mismatch(shape, value) === undefined;
const oneOf =
  (...values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);

const country = matching(/^[A-Z]{2}$/);
const instant = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/);
const consent = object({ consent_document_id: [isUuid, true], confirmed_at: [instant, true] });
const address = object({
  address_line1: [text(0, 100), true],
  address_line2: [text(0, 100), false],
  postcode: [matching(/^[a-zA-Z0-9\s-]{1,10}$/), true],
  city: [text(1, 85), true],
  state: [text(0, 50), false],
  country: [country, true],
});

/** Users of clients with their own licence. */
const LICENSED: Shape = {
  first_name: [text(2, 100), true],
  last_name: [text(2, 100), true],
  salutation: [
    oneOf('', 'SALUTATION_MALE', 'SALUTATION_FEMALE', 'SALUTATION_FEMALE_MARRIED', 'SALUTATION_DIVERSE'),
    false,
  ],
  title: [oneOf('', 'DR', 'PROF', 'PROF_DR', 'DIPL_ING', 'MAGISTER'), false],
  birth_date: [isDate, true],
  birth_city: [text(1, 85), false],
  birth_country: [country, false],
  birth_name: [text(0, 100), false],
  nationalities: [(value) => Array.isArray(value) && value.length > 0 && value.every(country), true],
  address: [address, true],
  postal_address: [(value) => value === null || address(value), false],
};

/** Users of clients under the vendor's licence. */
const TIED: Shape = {
  ...LICENSED,
  email: [(value) => text(3, 100)(value) && matching(/^[^\s@]+@[^\s@]+$/)(value), true],
  birth_city: [text(1, 85), true],
  birth_country: [country, true],
  phone_number: [matching(/^([0-9]{8,15})?$/), false],
  fatca: [object({ status: [oneOf(true, false), true], confirmed_at: [instant, true] }), true],
  terms_and_conditions: [consent, true],
  data_privacy_and_sharing_agreement: [consent, true],
};

/** The request for a user with sorted members, so that equal requests have equal texts. @throws {Problem} if it is invalid. */
export function readPerson(body: JsonObject): JsonObject {
  const shape = Object.keys(body).some((name) => !Object.hasOwn(LICENSED, name) && Object.hasOwn(TIED, name))
    ? TIED
    : LICENSED;
  const wrong = mismatch(shape, body);
  if (wrong !== undefined)
    throw new Problem('invalid_request', `${JSON.stringify(wrong)} is missing, malformed or unknown.`);
  return sorted(body);
}

/** The first member that is missing, malformed or unknown. */
function mismatch(shape: Shape, value: JsonObject): string | undefined {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(shape, name));
  const wrong = Object.entries(shape).find(([name, [test, required]]) =>
    Object.hasOwn(value, name) ? !test(value[name]) : required,
  );
  return unknown?.slice(0, 100) ?? wrong?.[0];
}

function sorted(value: JsonObject): JsonObject {
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, isJsonObject(member) ? sorted(member) : member]));
}

function isDate(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const instant = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value);
}

/** JSON Schema counts code points, not UTF-16 code units. */
function length(value: string): number {
  return [...value].length;
}
