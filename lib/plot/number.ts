// Numbers as text for tables, titles and progress lines: short, aligned, the same everywhere.

/** A number in at most about six characters of information: `0.0312`, `12.5`, `1.2e-7`, `93322`. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude < 1e6 && magnitude >= 10 ** -digits) return String(Number(value.toPrecision(digits)));
  return value
    .toExponential(2)
    .replace(/\.?0+e/, "e")
    .replace("e+", "e");
}

/** One way of writing that fits all of the given numbers, so that the columns of a table line up. */
export function alignedNumbers(values: ArrayLike<number>): (value: number) => string {
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (!Number.isFinite(magnitude)) continue;
    if (magnitude > largest) largest = magnitude;
    if (magnitude > 0 && magnitude < smallest) smallest = magnitude;
    if (!Number.isInteger(magnitude)) whole = false;
  }
  if (whole && largest < 1e15)
    return (value) => (Number.isFinite(value) ? String(value) : shortNumber(value));
  const wide = largest >= 1e6 || (smallest < 1e-5 && largest < 1e-2);
  const decimals = largest >= 1000 ? 2 : largest < 0.01 ? 6 : 4;
  return (value) => {
    if (!Number.isFinite(value)) return shortNumber(value);
    // a value that rounds to nothing is written without a sign
    return (wide ? value.toExponential(3) : value.toFixed(decimals)).replace(/^-(?=[0.]+$)/, "");
  };
}

/** One way of writing for the numbers of a small table: as many decimals as they need, at most three; or as many as given. */
export function tableNumbers(values: ArrayLike<number>, decimals?: number): (value: number) => string {
  const list = Array.from(values).filter(Number.isFinite);
  const largest = Math.max(0, ...list.map(Math.abs));
  // float32's rounding is not worth a decimal
  const isExact = (value: number, count: number): boolean =>
    Math.abs(value - Number(value.toFixed(count))) <= 1e-6 * Math.max(1, Math.abs(value));
  if (decimals === undefined && largest > 0 && (largest >= 1e6 || largest < 0.01))
    return (value) => shortNumber(value, 3);
  const digits = decimals ?? [0, 1, 2].find((count) => list.every((value) => isExact(value, count))) ?? 3;
  return (value) =>
    Number.isFinite(value) ? value.toFixed(digits).replace(/^-(?=[0.]+$)/, "") : shortNumber(value);
}

/** Rows of numbers as lines of text. */
export function tableText(rows: readonly (readonly number[])[]): string {
  const write = tableNumbers(rows.flat());
  return rows.map((row) => row.map(write).join(" ")).join("\n");
}
