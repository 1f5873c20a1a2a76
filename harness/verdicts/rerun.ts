/** The settings that a command needs to repeat a case. */
export interface RerunOptions {
  /** `undefined`: the embedded reference. */
  readonly baseUrl?: string | undefined;
  readonly writes: boolean;
  readonly seed?: number;
}

/** The default of SEED. */
export const DEFAULT_SEED = 1;

/** The command that reruns one case on the same target with the same inputs. Secrets come from the environment. */
export function rerunCommand(title: string, { baseUrl, writes, seed = DEFAULT_SEED }: RerunOptions): string {
  const settings = [
    ...(baseUrl === undefined ? [] : [`BASE_URL=${/^[\w.:/%-]+$/.test(baseUrl) ? baseUrl : quoted(baseUrl)}`]),
    ...(writes === (baseUrl === undefined) ? [] : [`WRITES=${writes ? 'on' : 'off'}`]),
    `SEED=${seed}`,
  ];
  return `${settings.join(' ')} npm run conformance -- --grep "${title.replaceAll(/["\\$`]/g, '\\$&')}"`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
