// Numbers as text, written alike: one count of decimals for all, or all in scientific notation.

/** Decimals at most. */
const DECIMALS = 4;

/**
 * Numbers with one common count of decimals, or all in scientific notation when they are very large or very small.
 * Numbers that are small beside others are written as 0, and so is −0.
 *
 * @param single whether they are float32, of which about 7 digits mean something.
 */
export function formatNumbers(numbers: readonly number[], single: boolean): string[] {
  let largest = 0;
  for (const v of numbers) if (Number.isFinite(v)) largest = Math.max(largest, Math.abs(v));
  const whole = numbers.every((v) => !Number.isFinite(v) || Number.isInteger(v));
  const limit = whole ? 1e16 : single ? 1e6 : 1e8;
  if (largest >= limit || (largest > 0 && largest < 1e-4)) return scientific(numbers);
  // Digits that only tell a float32 from its neighbours, as in 16777.2168 for 16777.217, do not ask for more decimals.
  const needed = numbers.reduce((most, v) => Math.max(most, decimalsOf(single ? shortest(v) : v)), 0);
  // Without a point only what is whole up to rounding: 0.99999 is 1.0000, not 1.
  const noise = (single ? 1e-6 : 1e-12) * Math.max(1, largest);
  const isWhole = (v: number) => !Number.isFinite(v) || Math.abs(v - Math.round(v)) <= noise;
  const decimals = needed === 0 && !numbers.every(isWhole) ? DECIMALS : needed;
  return numbers.map((v) => (Number.isFinite(v) ? decimal(v, decimals) : special(v)));
}

function special(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function significantDecimals(text: string): number {
  const decimals = /\.(\d+)/.exec(text)?.[1] ?? "";
  return decimals.replace(/0+$/, "").length;
}

/** How many decimals a number needs, at most DECIMALS. */
function decimalsOf(value: number): number {
  return Number.isFinite(value) ? significantDecimals(decimal(value, DECIMALS)) : 0;
}

/** Rounded to so many decimals, without −0. Halves go to the even digit, as everywhere in the library. */
function decimal(value: number, decimals: number): string {
  let text = value.toFixed(decimals);
  if (isHalfway(value, decimals) && Number(text.at(-1)) % 2 === 1) {
    // toFixed went away from zero.
    text = (value - Math.sign(value) * 10 ** -decimals * 0.25).toFixed(decimals);
  }
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/** Whether a number ends right behind these decimals, with a 5. */
function isHalfway(value: number, decimals: number): boolean {
  if (Math.abs((value * 10 ** decimals) % 1) !== 0.5) return false;
  const [, digits = ""] = value.toFixed(40).split(".");
  return /^50*$/.test(digits.slice(decimals));
}

/** The number with the fewest digits that is this one in float32. */
export function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** With one count of decimals and exponents of one width, of two digits at least. */
function scientific(numbers: readonly number[]): string[] {
  const full = numbers.map((v) => (Number.isFinite(v) ? v.toExponential(DECIMALS) : special(v)));
  const needed = Math.max(0, ...full.map((text) => significantDecimals(text)));
  const parts = numbers.map((v) => (Number.isFinite(v) ? v.toExponential(needed).split(/e([+-])/) : null));
  const width = Math.max(2, ...parts.map((part) => part?.[2]?.length ?? 0));
  return parts.map((part, i) =>
    part === null ? full[i]! : `${part[0]}e${part[1]}${part[2]!.padStart(width, "0")}`,
  );
}
