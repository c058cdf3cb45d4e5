// What a benchmark gives: rows of two times, and how they are shown. Progress goes to stderr.

export interface Row {
  name: string;
  lectern: number;
  peer: number;
  peerName: string;
  unit: string;
}

export function say(text: string): void {
  process.stderr.write(`lectern: ${text}\n`);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The rows as JSON; ratio > 1 means that Lectern is faster. */
export function asJson(rows: Row[]): string {
  const digits = (value: number) => Number(value.toPrecision(4));
  const rounded = rows.map((row) => ({
    ...row,
    lectern: digits(row.lectern),
    peer: digits(row.peer),
    ratio: digits(row.peer / row.lectern),
  }));
  return JSON.stringify(rounded, null, 2);
}

/** The rows as a table; ratio > 1 means that Lectern is faster. */
export function asTable(rows: Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${row.lectern.toPrecision(3)} ${row.unit}`,
    `${row.peer.toPrecision(3)} ${row.unit}  ${row.peerName}`,
    `${(row.peer / row.lectern).toFixed(2)}×`,
  ]);
  const header = ["(× > 1: Lectern is faster)", "Lectern", "peer", "ratio"];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)].join("\n");
}
