// The word that was probably meant.

/** The candidate that differs by the fewest letters, one or two at most; of equal ones the first. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const tolerated = Math.min(2, Math.floor(word.length / 2));
  const near = candidates.map((candidate) => ({ candidate, distance: distance(candidate, word) }));
  return near.filter((a) => a.distance <= tolerated).sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** How many letters must be inserted, deleted or exchanged to make one word the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
