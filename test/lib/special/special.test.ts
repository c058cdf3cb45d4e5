// Special functions against SciPy's values, and at the ends of their ranges.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { special } from "../../../lib/index.ts";

const { functions }: { functions: Record<string, number[][]> } = JSON.parse(
  readFileSync(new URL("../../fixtures/probability/special.json", import.meta.url), "utf8"),
);

/**
 * 1e-12 of the value, or of 1 where the function crosses zero (logarithms and digamma): both sides round, and SciPy itself
 * is right to about 1e-13.
 */
const TOLERANCE = 1e-12;
const CROSSES_ZERO = new Set(["logGamma", "digamma", "logBeta"]);

const names = [
  "erf",
  "erfc",
  "erfcx",
  "erfInv",
  "erfcInv",
  "logGamma",
  "digamma",
  "trigamma",
  "polygamma",
  "logBeta",
] as const;

describe.each(names)("special.%s", (name) => {
  it("agrees with SciPy", () => {
    const f = special[name] as (...args: number[]) => number;
    for (const row of functions[name]!) {
      const value = f(...row.slice(0, -1));
      const expected = row.at(-1)!;
      const scale = CROSSES_ZERO.has(name) ? Math.max(1, Math.abs(expected)) : Math.abs(expected);
      expect(Math.abs(value - expected), `${name}(${row.slice(0, -1).join(", ")})`).toBeLessThanOrEqual(
        TOLERANCE * scale,
      );
    }
  });
});

describe("special functions", () => {
  it("count exactly while doubles can", () => {
    for (const [n, k, expected] of functions.binomialCoefficient as [number, number, number][]) {
      const value = special.binomialCoefficient(n, k);
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(expected < 2 ** 53 ? 0 : expected * 1e-15);
    }
    expect(special.binomialCoefficient(1000, 500)).toBe(2.7028824094543655e299);
    expect(special.logFactorial(0)).toBe(0);
    expect(special.logFactorial(170)).toBeCloseTo(706.5730622457874, 10);
    expect(() => special.binomialCoefficient(5, 1.5)).toThrow("whole numbers");
    expect(() => special.logFactorial(-1)).toThrow("whole number");
  });

  it("know the ends of their ranges", () => {
    const { erf, erfc, erfInv, erfcInv, logGamma, digamma, trigamma } = special;
    expect([erf(Infinity), erf(-Infinity), erf(Number.NaN), erf(0)]).toEqual([1, -1, Number.NaN, 0]);
    expect([erfc(Infinity), erfc(-Infinity), erfc(Number.NaN)]).toEqual([0, 2, Number.NaN]);
    expect([erfInv(1), erfInv(-1), erfInv(1.1), erfInv(0)]).toEqual([Infinity, -Infinity, Number.NaN, 0]);
    expect([erfcInv(0), erfcInv(2), erfcInv(-0.1)]).toEqual([Infinity, -Infinity, Number.NaN]);
    expect([logGamma(0), logGamma(-3), logGamma(Infinity), logGamma(Number.NaN)]).toEqual([
      Infinity,
      Infinity,
      Infinity,
      Number.NaN,
    ]);
    expect([digamma(0), digamma(-0), digamma(-2), digamma(Infinity)]).toEqual([
      -Infinity,
      Infinity,
      Number.NaN,
      Infinity,
    ]);
    const { polygamma } = special;
    expect([polygamma(2, 0), polygamma(2, -0), polygamma(2, -1), polygamma(3, -1)]).toEqual([
      -Infinity,
      Infinity,
      Number.NaN,
      Infinity,
    ]);
    expect([polygamma(2, Infinity), polygamma(2, -Infinity), polygamma(2, Number.NaN)]).toEqual([
      0,
      Number.NaN,
      Number.NaN,
    ]);
    expect(() => polygamma(0, 1)).toThrow("a whole number from 1 to 100, got 0");
    expect([trigamma(0), trigamma(Infinity), trigamma(Number.NaN)]).toEqual([Infinity, 0, Number.NaN]);
  });

  it("know incomplete gamma functions of huge shapes", () => {
    // mpmath's quadrature of the density, 40 digits: 30 deviations below, 0.4 and 10 above.
    const { gammaP, gammaQ } = special;
    const at = (deviations: number) => 1.5e8 + deviations * Math.sqrt(1.5e8);
    expect(Math.abs(gammaP(1.5e8, at(-30)) / 2.349981819904995e-198 - 1)).toBeLessThan(TOLERANCE);
    expect(Math.abs(gammaQ(1.5e8, at(0.4)) / 0.34456983906805544 - 1)).toBeLessThan(TOLERANCE);
    expect(Math.abs(gammaQ(1.5e8, at(10)) / 7.829895144943101e-24 - 1)).toBeLessThan(TOLERANCE);
    // Where a + 1 is a as a double.
    expect(gammaP(1e20, 1e20)).toBeCloseTo(0.5, 9);
  });

  it("invert the incomplete gamma and beta functions far into the tails", () => {
    const { gammaP, gammaPInv, gammaQ, gammaQInv, betaI, betaIInv } = special;
    const close = (value: number, expected: number) =>
      expect(Math.abs(value / expected - 1)).toBeLessThan(TOLERANCE);
    // Larger shapes make the last digit of x move p by more than the tolerance.
    for (const a of [0.01, 0.5, 1, 3, 50, 1e4]) {
      for (const p of [1e-250, 1e-16, 0.02, 0.5, 0.97]) {
        if (gammaPInv(a, p) > 1e-300) close(gammaP(a, gammaPInv(a, p)), p);
        else expect(gammaPInv(a, p)).toBeLessThan(1e-299);
        if (gammaQInv(a, p) > 1e-300) close(gammaQ(a, gammaQInv(a, p)), p);
      }
      // For larger a, x is so near 1 that its last digit moves p by more than the tolerance.
      if (a <= 50) close(betaI(a, 2.5, betaIInv(a, 2.5, 0.02)), 0.02);
    }
    expect([gammaPInv(2, 0), gammaPInv(2, 1), gammaQInv(2, 0), gammaP(-1, 1), gammaPInv(2, 1.1)]).toEqual([
      0,
      Infinity,
      Infinity,
      Number.NaN,
      Number.NaN,
    ]);
    expect([betaI(2, 3, 0), betaI(2, 3, 1), betaI(2, 3, 1.1), betaIInv(2, 3, 0), betaIInv(2, 3, 1)]).toEqual([
      0,
      1,
      Number.NaN,
      0,
      1,
    ]);
  });
});
