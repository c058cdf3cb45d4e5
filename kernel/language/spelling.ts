// The word that was probably meant.

/** The candidate that differs by the fewest letters, one or two at most; of equal ones the first. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const tolerated = Math.min(2, Math.floor(word.length / 2));
  const near = candidates.map((candidate) => ({ candidate, distance: distance(candidate, word) }));
  return near.filter((a) => a.distance <= tolerated).sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** How many letters must be inserted, deleted or exchanged to make one word the other; two swapped count as half a one. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] as number) + 0.5 : Number.POSITIVE_INFINITY;
      next.push(Math.min(exchanged, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
