/** What a command needs to repeat a case as it was. */
export interface Again {
  /** `undefined`: the embedded reference. */
  readonly baseUrl?: string | undefined;
  readonly writes: boolean;
  readonly seed?: number;
}

/** The seed of a run to which nobody gave one. */
export const USUAL_SEED = 1;

/** The command that runs one case again, on the same target with the same inputs. Secrets are left to the environment. */
export function onlyAgain(title: string, { baseUrl, writes, seed = USUAL_SEED }: Again): string {
  const settings = [
    ...(baseUrl === undefined ? [] : [`BASE_URL=${/^[\w.:/%-]+$/.test(baseUrl) ? baseUrl : quoted(baseUrl)}`]),
    ...(writes === (baseUrl === undefined) ? [] : [`WRITES=${writes ? 'on' : 'off'}`]),
    `SEED=${seed}`,
  ];
  return `${settings.join(' ')} npm run conformance -- --grep "${title.replaceAll(/["\\$`]/g, '\\$&')}"`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
