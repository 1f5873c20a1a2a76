#!/usr/bin/env node
// @ts-check
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { launch, ROOT } from './launch.mjs';

/** The command line of the installed package: the same programs as the scripts of the repository, by the same names. */

const RUN = 'run';
const runner = () => createRequire(import.meta.url).resolve('@playwright/test/cli');

/** @type {Readonly<Record<string, { program: () => readonly string[], does: string }>>} */
const COMMANDS = {
  [RUN]: {
    program: () => ['conformance.mjs'],
    does: 'hold a target to the contract; what no other command is given for',
  },
  doctor: {
    program: () => ['proof/doctor.ts'],
    does: 'look at settings and target first: what can be tested, and what it takes to test the rest',
  },
  token: {
    program: () => ['harness/run/print-token.ts'],
    does: 'print an access token for the curl of a report: SCOPE...',
  },
  'which-version': {
    program: () => ['tests/which-version.ts'],
    does: 'find the versions of the contract that a target keeps',
  },
  'check-event': { program: () => ['reporters/check-event.ts'], does: 'judge recorded deliveries of events: FILE...' },
  compare: {
    program: () => ['reporters/compare.ts'],
    does: 'say what changed between two runs: OLD.json NEW.json [--markdown]',
  },
  merge: {
    program: () => [runner(), 'merge-reports', '-c', resolve(ROOT, 'reporters/merge.config.ts')],
    does: 'make one run of the blob reports of all shards: DIR',
  },
  'verify-evidence': {
    program: () => ['reporters/verify-evidence.ts'],
    does: 'find any change to what a run left: [DIR] [--key public.pem]',
  },
  'allure-report': { program: () => ['reporters/allure-report.ts'], does: 'make one HTML file of the Allure results' },
  reference: {
    program: () => ['proof/serve.ts'],
    does: 'serve a target that keeps the contract, or breaks it in one way: [--fault ID]',
  },
  proof: {
    program: () => ['proof/prove.ts'],
    does: 'show that the checks can fail, and raise no false alarm: [WORD...] [--all]',
  },
  'contract-diff': {
    program: () => ['proof/contract-diff.ts'],
    does: 'say what changed between two versions of the contract: OLDER NEWER',
  },
};

const HELP = `Usage: account-groups-conformance [command] [words...]

Commands:
${Object.entries(COMMANDS)
  .map(([name, { does }]) => `  ${name.padEnd(16)}${does}`)
  .join('\n')}

  --help          this text
  --version       the version of this suite

Settings come from the environment, or from .env in the current folder: BASE_URL, CLIENT_ID, CLIENT_SECRET, WRITES=on,
OUTPUT_DIR and more (see the README). Without any, the embedded reference is tested. Reports are written into OUTPUT_DIR.
Words of a run are those of the runner: --grep @listing, -x, --shard=1/3, --add-reporter=./my-reporter.ts.

Exit codes of a run: 0 conformant, 1 not conformant, 2 cannot be used or reached, 3 incomplete, 130 interrupted.
`;

const [first = RUN, ...rest] = process.argv.slice(2);
const words = first.startsWith('-') ? process.argv.slice(2) : rest;
const command = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;

if (first === '--help' || first === '-h' || first === 'help') process.stdout.write(HELP);
else if (first === '--version')
  process.stdout.write(`${JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')).version}\n`);
else if (command === undefined && !first.startsWith('-')) {
  process.stderr.write(`there is no command ${JSON.stringify(first)}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const [program = '', ...before] = (command ?? COMMANDS[RUN])?.program() ?? [];
  launch([resolve(ROOT, program), ...before, ...words]);
}
