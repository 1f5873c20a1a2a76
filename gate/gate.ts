import { fileURLToPath } from 'node:url';
import { passesAll, type Step } from './steps.ts';

/** `npm test`: everything that must pass before a change is accepted. Steps that are independent run in parallel. */

const program = (name: string, file: string, ...words: string[]): Step => ({ name, command: [file, ...words] });
const script = (name: string, file: string): Step => ({ name, command: ['--import', 'tsx', file] });
const binary = (name: string) => fileURLToPath(new URL(`../node_modules/${name}`, import.meta.url));

const STAGES = [
  [
    program('format and lint', binary('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'),
    program('types', binary('typescript/bin/tsc')),
    script('contracts', 'gate/lint-contracts.ts'),
  ],
  [
    script('unit tests', 'gate/unit.ts'),
    script('proof', 'proof/prove.ts'),
    program('conformance of the reference', 'conformance.mjs'),
  ],
];

process.exitCode = (await passesAll(STAGES, (text) => void process.stdout.write(`${text}\n`))) ? 0 : 1;
