/** Which option of each axis a row takes, by index. */
export type Row = readonly number[];

/**
 * A short list of rows in which every option of an axis meets every option of every other axis at least once. The first
 * row takes the first option of each. The same axes always give the same rows.
 *
 * @param sizes how many options each axis has
 * @param loose pairs of axes that need not meet
 */
export function pairwise(sizes: readonly number[], loose: ReadonlyArray<readonly [number, number]> = []): Row[] {
  const isLoose = (a: number, b: number) =>
    loose.some(([one, other]) => (one === a && other === b) || (one === b && other === a));
  const open = new Set<string>();
  for (const [a, first] of sizes.entries())
    for (const [b, second] of sizes.entries())
      if (a < b && !isLoose(a, b))
        for (let i = 0; i < first; i++) for (let j = 0; j < second; j++) open.add(pair(a, i, b, j));
  const rows: number[][] = [];
  const take = (row: number[]) => {
    for (const [a, i] of row.entries()) for (const [b, j] of row.entries()) if (a < b) open.delete(pair(a, i, b, j));
    rows.push(row);
  };
  take(sizes.map(() => 0));
  for (const [seed] of iterate(open)) take(fill(sizes, open, seed, rows.length));
  return rows;
}

/** The shortest list of rows in which every option of every axis is taken at least once. */
export function eachOnce(sizes: readonly number[]): Row[] {
  return Array.from({ length: Math.max(...sizes) }, (_, index) => sizes.map((size) => index % size));
}

const pair = (a: number, i: number, b: number, j: number) => `${a}:${i} ${b}:${j}`;

/** The first of what is left, until nothing is. */
function* iterate(open: ReadonlySet<string>): Generator<[string]> {
  for (let [first] = open; first !== undefined; [first] = open) yield [first];
}

/**
 * A row around one pair: axis by axis the option that meets most of what has not been met yet. Where none meets anything,
 * another one in each row, so that axes which need not meet do so all the same.
 */
function fill(sizes: readonly number[], open: ReadonlySet<string>, seed: string, turn: number): number[] {
  const row: Array<number | undefined> = sizes.map(() => undefined);
  for (const place of seed.split(' ')) {
    const [axis = 0, option = 0] = place.split(':').map(Number);
    row[axis] = option;
  }
  const gain = (axis: number, option: number) =>
    row.reduce<number>((sum, other, index) => {
      if (other === undefined || index === axis) return sum;
      const meets = index < axis ? pair(index, other, axis, option) : pair(axis, option, index, other);
      return sum + (open.has(meets) ? 1 : 0);
    }, 0);
  // Axes with many options have most left to meet.
  const order = [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  for (const axis of order)
    if (row[axis] === undefined) {
      const gains = Array.from({ length: sizes[axis] ?? 1 }, (_, option) => gain(axis, option));
      const most = Math.max(...gains);
      row[axis] = most === 0 ? turn % gains.length : gains.indexOf(most);
    }
  return row.map((option) => option ?? 0);
}
