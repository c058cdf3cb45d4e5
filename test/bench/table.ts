// What a benchmark gives: rows of figures, and how they are shown. Progress goes to stderr.

export interface Row {
  name: string;
  unit: string;
  /** Of every figure, less is better. */
  lectern: number;
  /** Peer → its figure, or what it did in place of giving one (“hangs”). */
  peers: Readonly<Record<string, number | string>>;
}

export function say(text: string): void {
  process.stderr.write(`lectern: ${text}\n`);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The rows as JSON; a ratio above 1 means that Lectern is better. */
export function asJson(rows: Row[]): string {
  const digits = (value: number | string) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  const rounded = rows.map(({ name, unit, lectern, peers }) => ({
    name,
    unit,
    lectern: digits(lectern),
    peers: mapped(peers, digits),
    ratios: mapped(peers, (value) =>
      typeof value === "number" && lectern > 0 ? digits(value / lectern) : null,
    ),
  }));
  return JSON.stringify(rounded, null, 2);
}

/** The rows as a table; a ratio above 1 means that Lectern is better. */
export function asTable(rows: Row[]): string {
  const cells = rows.map(({ name, unit, lectern, peers }) => [
    name,
    `${lectern.toPrecision(3)} ${unit}`,
    ...Object.entries(peers).map(([peer, value]) => {
      if (typeof value !== "number") return `${peer} ${value}`;
      const ratio = lectern > 0 ? ` (${(value / lectern).toFixed(2)}×)` : "";
      return `${peer} ${value.toPrecision(3)} ${unit}${ratio}`;
    }),
  ]);
  const header = ["(× > 1: Lectern is better)", "Lectern", "peers"];
  const widths = header.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)].join("\n");
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
