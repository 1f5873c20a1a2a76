import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The vendor's example clients: what each needs, how it is told about a target, and how it is started. */

/** The target of an example, and the key that it signs with. */
export interface Target {
  readonly url: string;
  readonly keyId: string;
  /** A file with an encrypted private key (PKCS 8, PEM), and its passphrase. */
  readonly keyFile: string;
  readonly passphrase: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
}

export interface SigningClient {
  readonly language: string;
  /** Its folder among the examples. */
  readonly folder: string;
  /**
   * Installs what it depends on.
   *
   * @param folder a copy of its files
   * @throws if the language or a package is missing
   */
  prepare(folder: string): Promise<void>;
  /** Runs it, and returns its output. @throws if it ends with an error */
  run(folder: string, target: Target): Promise<string>;
}

const run = promisify(execFile);
const PATIENCE_MS = 300_000;

/** Runs a program, and returns its output. @throws with the last lines of the output */
async function ended(program: string, args: readonly string[], cwd: string, env: object = {}): Promise<string> {
  try {
    const options = { cwd, env: { ...process.env, ...env }, timeout: PATIENCE_MS, maxBuffer: 2 ** 26 };
    const { stdout, stderr } = await run(program, args, options);
    return `${stdout}${stderr}`;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(said === '' ? message : `${program} ${args.join(' ')}: ${said}`);
  }
}

/** What the Python and the Java example are told, under the names that they share. */
const upvest = ({ keyId, clientId, clientSecret, passphrase }: Target) => ({
  UPVEST_API_KEY_ID: keyId,
  UPVEST_API_CLIENT_ID: clientId,
  UPVEST_API_CLIENT_SECRET: clientSecret,
  UPVEST_API_HTTP_SIGN_PRIVATE_KEY_PASSPHRASE: passphrase,
});

/** With newer versions the example covers a content-type in requests without a body, which it does not send. */
const AXIOS = 'axios@1.4.0';

const javascript: SigningClient = {
  language: 'JavaScript',
  folder: 'Javascript',
  prepare: async (folder) => void (await ended('npm', ['install', '--no-audit', '--no-fund', AXIOS], folder)),
  run: (folder, target) =>
    ended(process.execPath, ['example.mjs'], folder, {
      SERVER_BASE_URL: target.url,
      PRIVATE_KEY_FILE: target.keyFile,
      PRIVATE_KEY_PASSWORD: target.passphrase,
      KEY_ID: target.keyId,
      CLIENT_ID: target.clientId,
      CLIENT_SECRET: target.clientSecret,
      SCOPES: target.scopes.join(),
    }),
};

const python: SigningClient = {
  language: 'Python',
  folder: 'Python',
  async prepare(folder) {
    await ended('python3', ['-m', 'venv', 'venv'], folder);
    const client = './pkg/upvest_investment_api[requests-auth,env-settings]';
    await ended('venv/bin/pip', ['install', '--quiet', '--disable-pip-version-check', client], folder);
  },
  run: (folder, target) =>
    ended('venv/bin/python', ['main.py'], folder, {
      ...upvest(target),
      UPVEST_API_BASE_URL: target.url,
      UPVEST_API_HTTP_SIGN_PRIVATE_KEY_FILENAME: target.keyFile,
      UPVEST_API_SCOPES: target.scopes.join(),
    }),
};

/** The example closes its HTTP clients, which it cannot with an older version. */
const OLDEST_JAVA = 21;

const java: SigningClient = {
  language: 'Java',
  folder: 'Java/simple-signing-demo',
  async prepare(folder) {
    const version = /Java version: (\d+)/.exec(await ended('mvn', ['--version'], folder))?.[1];
    if (Number(version) < OLDEST_JAVA)
      throw new Error(`it needs Java ${OLDEST_JAVA}, and Maven uses Java ${version}; set JAVA_HOME`);
    // The example comes without one.
    writeFileSync(join(folder, 'pom.xml'), POM);
    await ended('mvn', ['-q', '-B', 'test-compile'], folder);
  },
  run: (folder, target) =>
    ended('mvn', ['-q', '-B', 'test'], folder, {
      ...upvest(target),
      UPVEST_URL: target.url,
      UPVEST_API_HTTP_SIGN_PRIVATE_KEY_FILE: target.keyFile,
      UPVEST_API_CLIENT_SCOPE: target.scopes.join(' '),
    }),
};

const DEPENDENCIES = [
  ['org.bouncycastle', 'bcpkix-jdk18on', '1.82'],
  ['com.google.code.gson', 'gson', '2.13.2'],
  ['org.slf4j', 'slf4j-simple', '2.0.17'],
  ['org.junit.jupiter', 'junit-jupiter', '5.14.1'],
];

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>example</groupId><artifactId>signing</artifactId><version>1</version>
<properties><maven.compiler.release>${OLDEST_JAVA}</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
<dependencies>${DEPENDENCIES.map(
  ([group, artifact, version]) =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
).join('')}</dependencies>
<build><plugins>
<plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
<plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version></plugin>
</plugins></build></project>
`;

export const SIGNING_CLIENTS: readonly SigningClient[] = [javascript, python, java];

/** A copy of an example, in which it may write. */
export function copyOf({ folder }: SigningClient, examples: string, to: string): string {
  const copy = join(to, folder);
  cpSync(join(examples, folder), copy, { recursive: true });
  return copy;
}
