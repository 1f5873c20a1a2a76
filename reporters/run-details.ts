import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FullResult } from '@playwright/test/reporter';
import { keyId } from './dsse.ts';
import type { RunDetails } from './schema/report.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a run ended. Failed tests do not matter here: a run with findings is `completed`. */
export function endOf(status: FullResult['status']): RunDetails['ended'] {
  if (status === 'interrupted') return 'interrupted';
  return status === 'timedout' ? 'timed out' : 'completed';
}

/** The CI job that executes the run; `undefined` outside of known CI servers. */
export function ciOf(env: Environment): RunDetails['ci'] {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  const job = (name: string, text: string | undefined, url: string | undefined, commit: string | undefined) => ({
    name,
    job: text ?? 'unknown',
    ...(url !== undefined && /^https?:\/\//.test(url) && { url }),
    ...(commit !== undefined && { commit }),
  });
  if (env.GITHUB_ACTIONS === 'true')
    return job(
      'GitHub Actions',
      `${env.GITHUB_WORKFLOW ?? ''} run ${run ?? ''}`.trim(),
      server && repository && run && `${server}/${repository}/actions/runs/${run}`,
      env.GITHUB_SHA,
    );
  if (env.GITLAB_CI === 'true') return job('GitLab CI', env.CI_JOB_NAME, env.CI_JOB_URL, env.CI_COMMIT_SHA);
  if (env.JENKINS_URL !== undefined) return job('Jenkins', env.BUILD_TAG, env.BUILD_URL, env.GIT_COMMIT);
  return undefined;
}

/**
 * The fingerprint (SHA-256 of the SPKI) of the public key that belongs to the signing key; `undefined` without a key.
 *
 * @throws if the file cannot be read or is no private key
 */
export function fingerprintOf(keyFile: string | undefined): string | undefined {
  return keyFile === undefined ? undefined : keyId(createPublicKey(createPrivateKey(readFileSync(keyFile, 'utf8'))));
}
