import { useLightHttp } from './light-http.ts';
import { type Cell, cellOf, VERSIONS_OF_CONTRACT } from './version-matrix.ts';

/**
 * `npm run versions`: tries the contract of every version on the reference of every version, and prints the findings.
 * Exit codes: 0, there are none on the reference of the same version, and elsewhere only those that the difference of
 * versions explains; 1, there are others.
 */

const WIDTH = 8;
const print = (text: string) => void process.stdout.write(`${text}\n`);

useLightHttp();
const startedAt = performance.now();
const cells: Cell[] = [];
print(`contract ${VERSIONS_OF_CONTRACT.map((version) => version.padStart(WIDTH)).join('')}  <- reference; findings`);
for (const contract of VERSIONS_OF_CONTRACT) {
  const row: Cell[] = [];
  for (const reference of VERSIONS_OF_CONTRACT) row.push(await cellOf(contract, reference));
  cells.push(...row);
  print(
    `${contract.padEnd(WIDTH)} ${row.map(({ findings }) => String(findings.length || '.').padStart(WIDTH)).join('')}`,
  );
}
print('');
for (const { contract, reference, findings, unexplained } of cells)
  for (const { requirement, verdict, reason, violations } of findings) {
    const isWrong = contract === reference || unexplained.some((one) => one.requirement.id === requirement.id);
    const seen = (violations[0]?.seen ?? reason ?? '').slice(0, 140);
    print(`${isWrong ? '!' : ' '} ${contract} on ${reference}: ${verdict} ${requirement.id}: ${seen}`);
    if (isWrong) process.exitCode = 1;
  }
print(`${cells.length} runs, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
