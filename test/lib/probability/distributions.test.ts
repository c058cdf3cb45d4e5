// Distributions against SciPy, from one far tail to the other; what holds for all of them; their errors and pictures.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  type ContinuousDistribution,
  type DiscreteDistribution,
  distributions,
  random,
  seed,
  tensor,
} from "../../../lib/index.ts";
import { DISPLAY } from "../../../lib/plot/bundle.ts";

type Numbers = readonly (number | null)[];
interface Case {
  name: string;
  parameters: Record<string, number>;
  x: number[];
  weight: Numbers;
  logWeight: Numbers;
  cdf: Numbers;
  survival: Numbers;
  p: number[];
  quantile: Numbers;
  inverseSurvival: Numbers;
  mean: number | null;
  variance: number | null;
  entropy: number | null;
}

interface MultinomialCase {
  n: number;
  probabilities: number[];
  counts: number[][];
  logPmf: number[];
  mean: number[];
  covariance: number[][];
}

const { cases, multinomials }: { cases: Case[]; multinomials: MultinomialCase[] } = JSON.parse(
  readFileSync(new URL("../../fixtures/probability/distributions.json", import.meta.url), "utf8"),
);

/**
 * Relative, down to 1e-290; both sides add logarithms of some hundreds and round. Where a value crosses zero (logarithms,
 * entropies, quantiles of distributions over all numbers) relative to 1 or to the standard deviation.
 */
const TOLERANCE = 2e-12;

type Any = ContinuousDistribution | DiscreteDistribution;
const make = distributions as unknown as Record<string, (parameters: object) => Any>;
const weightOf = (d: Any, x: number): number => ("pmf" in d ? d.pmf(x) : d.pdf(x));
const logWeightOf = (d: Any, x: number): number => ("pmf" in d ? d.logPmf(x) : d.logPdf(x));

describe.each(cases.map((c) => [`${c.name} ${JSON.stringify(c.parameters)}`, c] as const))("%s", (_, c) => {
  const d = make[c.name]!(c.parameters);
  const compare = (what: string, value: number, expected: number | null | undefined, scale = 0): void => {
    if (expected === null || expected === undefined || Math.abs(expected) < 1e-290) return;
    const bound = TOLERANCE * Math.max(Math.abs(expected), scale);
    expect(Math.abs(value - expected), `${what}: ${value}, not ${expected}`).toBeLessThanOrEqual(bound);
  };

  it("has SciPy's weights, tails, quantiles and moments", () => {
    c.x.forEach((x, i) => {
      compare(`weight(${x})`, weightOf(d, x), c.weight[i]);
      compare(`logWeight(${x})`, logWeightOf(d, x), c.logWeight[i], 1);
      compare(`cdf(${x})`, d.cdf(x), c.cdf[i]);
      compare(`survival(${x})`, d.survival(x), c.survival[i]);
    });
    const scale = d.support[0] < 0 ? d.std || 1 : 0;
    c.p.forEach((p, i) => {
      compare(`quantile(${p})`, d.quantile(p), c.quantile[i], scale);
      compare(`inverseSurvival(${p})`, d.inverseSurvival(p), c.inverseSurvival[i], scale);
    });
    compare("mean", d.mean, c.mean);
    compare("variance", d.variance, c.variance);
    compare("entropy", d.entropy, c.entropy, 1);
  });

  it("is nowhere greater than at its mode", () => {
    const top = logWeightOf(d, d.mode);
    const step = "pmf" in d ? 1 : (Number.isFinite(d.std) ? d.std : 1) / 1000;
    for (const x of [...c.x, d.mode - step, d.mode + step]) {
      expect(logWeightOf(d, x), `at ${x}, mode ${d.mode}`).toBeLessThanOrEqual(
        top + 1e-12 * Math.max(1, Math.abs(top)),
      );
    }
    if ("pmf" in d) expect(logWeightOf(d, d.mode - 1)).toBeLessThan(top);
  });

  it("ends where its support ends", () => {
    const [low, high] = d.support;
    expect([d.cdf(-Infinity), d.cdf(Infinity), d.survival(-Infinity), d.survival(Infinity)]).toEqual([
      0, 1, 1, 0,
    ]);
    expect([weightOf(d, low - 1), weightOf(d, high + 1), logWeightOf(d, Infinity)]).toEqual([
      0,
      0,
      -Infinity,
    ]);
    expect([d.quantile(0), d.quantile(1), d.inverseSurvival(0), d.inverseSurvival(1)]).toEqual([
      low,
      high,
      high,
      low,
    ]);
    expect([d.quantile(-0.1), d.quantile(1.1), d.cdf(Number.NaN), weightOf(d, Number.NaN)]).toEqual(
      Array(4).fill(Number.NaN),
    );
  });
});

describe("logarithms, as far out as doubles go", () => {
  const tails: Pick<Case, "name" | "parameters" | "x" | "logWeight">[] = JSON.parse(
    readFileSync(new URL("../../fixtures/probability/tails.json", import.meta.url), "utf8"),
  );
  it.each(tails.map((c) => [`${c.name} ${JSON.stringify(c.parameters)}`, c] as const))("%s", (_, c) => {
    const d = make[c.name]!(c.parameters);
    c.x.forEach((x, i) => {
      const [value, expected] = [logWeightOf(d, x), c.logWeight[i] ?? Number.NEGATIVE_INFINITY];
      if (value === expected) return;
      const bound = TOLERANCE * Math.max(1, Math.abs(expected));
      expect(Math.abs(value - expected), `at ${x}: ${value}, not ${expected}`).toBeLessThanOrEqual(bound);
    });
  });
});

describe("simple numbers", () => {
  it("are modes: the least where there are several", () => {
    const {
      bernoulli,
      beta,
      binomial,
      discreteUniform,
      exponential,
      fisherF,
      gamma,
      logNormal,
      poisson,
      truncatedNormal,
    } = distributions;
    expect(
      [binomial({ n: 5, p: 0.4 }), binomial({ n: 9, p: 0.5 }), binomial({ n: 4, p: 1 })].map((d) => d.mode),
    ).toEqual([2, 4, 4]);
    expect([poisson({ rate: 5 }), poisson({ rate: 5.5 }), poisson({ rate: 0 })].map((d) => d.mode)).toEqual([
      4, 5, 0,
    ]);
    expect(
      [bernoulli({ p: 0.6 }), bernoulli({ p: 0.5 }), discreteUniform({ low: 1, high: 6 })].map((d) => d.mode),
    ).toEqual([1, 0, 1]);
    expect(logNormal().mode).toBe(Math.exp(-1));
    expect(logNormal({ std: 0.5 }).mode).toBeCloseTo(0.778801, 6);
    expect([gamma({ alpha: 3, scale: 2 }), gamma({ alpha: 0.5 }), exponential()].map((d) => d.mode)).toEqual([
      4, 0, 0,
    ]);
    expect(fisherF({ df1: 4, df2: 8 }).mode).toBeCloseTo(0.4, 12);
    expect(truncatedNormal({ mean: 3, low: 4, high: 6 }).mode).toBe(4);
    const ends: [number, number, number][] = [
      [2, 3, 1 / 3],
      [2, 0.5, 1],
      [1, 0.5, 1],
      [1, 2, 0],
      [0.5, 0.5, 0],
    ];
    for (const [alpha, b, mode] of ends) expect(beta({ alpha, beta: b }).mode).toBeCloseTo(mode, 12);
  });

  it("are weights: to the last digit", () => {
    expect(distributions.discreteUniform({ low: 1, high: 6 }).pmf([0, 1, 6])).toEqual([0, 1 / 6, 1 / 6]);
    expect(distributions.uniform({ low: 0, high: 3 }).pdf([-1, 0, 3])).toEqual([0, 1 / 3, 1 / 3]);
    expect(distributions.bernoulli({ p: 0.1 }).pmf([0, 1, 0.5])).toEqual([0.9, 0.1, 0]);
    expect(distributions.exponential({ scale: 3 }).pdf([-1, 0])).toEqual([0, 1 / 3]);
  });
});

describe.each(multinomials)("multinomial, n $n, $probabilities", ({ n, probabilities, ...expected }) => {
  const d = distributions.multinomial({ n, probabilities });

  it("has the exact weights, SciPy's covariance, and the same of tensors", () => {
    const all = d.logPmf(tensor(expected.counts, { dtype: "int32" })).toArray<number[]>();
    expected.counts.forEach((counts, i) => {
      const wanted = expected.logPmf[i]!;
      expect(Math.abs(d.logPmf(counts) - wanted)).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(wanted)));
      expect(all[i]).toBe(d.logPmf(counts));
      expect(d.pmf(counts)).toBe(Math.exp(d.logPmf(counts)));
    });
    d.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.mean[i]!, 8);
    });
    d.covariance.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(expected.covariance.flat()[i]!, 6);
    });
  });

  it("draws counts that sum to n, and never of impossible classes", () => {
    seed(5);
    const sample = d.sample([200]);
    expect(new Set(sample.sum(1).data())).toEqual(new Set([n]));
    const mean = sample.mean(0).toArray<number[]>();
    probabilities.forEach((p, i) => {
      // Five standard errors.
      expect(Math.abs(mean[i]! - n * p)).toBeLessThanOrEqual(5 * Math.sqrt((n * p * (1 - p)) / 200));
    });
  });
});

describe("multinomial", () => {
  it("gives impossible counts no weight, and says what does not fit", () => {
    const d = distributions.multinomial({ n: 3, probabilities: [0.5, 0.5, 0] });
    for (const counts of [
      [1, 1, 1],
      [3, 1, -1],
      [1.5, 1.5, 0],
      [1, 1, 0],
      [2, 2, 0],
    ])
      expect(d.pmf(counts)).toBe(0);
    expect(() => d.pmf([1, 2])).toThrow("there are 3 classes, got 2 numbers");
    expect(() => distributions.multinomial({ n: 1.5, probabilities: [1] })).toThrow(
      "n must be a whole number",
    );
    expect(() => distributions.multinomial({ n: 1, probabilities: [0.5, 0.6] })).toThrow("sum to 1");
    expect(inspect(d)).toBe("multinomial(n 3, probabilities [0.5, 0.5, 0])");
    // All counts of a small one sum to 1.
    let sum = 0;
    for (let i = 0; i <= 3; i++) sum += d.pmf([i, 3 - i, 0]);
    expect(sum).toBeCloseTo(1, 14);
  });
});

describe("truncatedNormal", () => {
  it("is what random.truncatedNormal draws", () => {
    seed(6);
    const d = distributions.truncatedNormal({ mean: 3, std: 2 });
    const n = 20_000;
    const samples = {
      own: d.sample([n], { dtype: "float64" }),
      other: random.truncatedNormal([n], { mean: 3, std: 2, dtype: "float64" }),
      single: random.truncatedNormal([n], { mean: 3, std: 2 }).cast("float64"),
    };
    for (const sample of Object.values(samples)) {
      const levels = [...d.cdf(sample).data()].sort((a, b) => a - b);
      const worst = Math.max(...levels.map((level, i) => Math.abs(level - (i + 0.5) / n)));
      // Kolmogorov's bound, exceeded once in 10⁸ runs.
      expect(worst).toBeLessThan(3.1 / Math.sqrt(n));
    }
  });

  it("may be open at one end, and says when nothing is left", () => {
    const d = distributions.truncatedNormal({ low: 0, high: Infinity });
    expect([d.mean, d.variance]).toEqual([
      expect.closeTo(Math.sqrt(2 / Math.PI), 14),
      expect.closeTo(1 - 2 / Math.PI, 14),
    ]);
    expect([d.cdf(Infinity), d.quantile(1), d.support]).toEqual([1, Infinity, [0, Infinity]]);
    expect(() => distributions.truncatedNormal({ low: 1, high: 1 })).toThrow(
      "high must be above low, got 1 and 1",
    );
    expect(() => distributions.truncatedNormal({ low: 50, high: 60 })).toThrow(
      "has nothing between 50 and 60",
    );
  });
});

describe("distributions", () => {
  it("take numbers, lists and tensors, and give the same kind", () => {
    const d = distributions.normal({ mean: 1, std: 2 });
    expect(d.pdf([1, 3])).toEqual([d.pdf(1), d.pdf(3)]);
    expect(d.cdf(new Float64Array([1]))).toEqual([0.5]);
    const half = d.cdf(tensor([[1, Infinity]]));
    expect([half.shape, half.dtype, half.toArray()]).toEqual([[1, 2], "float32", [[0.5, 1]]]);
    const double = d.pdf(tensor([3], { dtype: "float64" }));
    expect([double.dtype, double.item()]).toEqual(["float64", d.pdf(3)]);
    expect(d.pdf([])).toEqual([]);
    expect(() => d.pdf("1" as never)).toThrow("normal.pdf: needs a number, a list of numbers or a tensor");
    expect(() => d.pdf(["1"] as never)).toThrow("position 0 holds no number");
  });

  it("know the course's numbers", () => {
    const five = distributions.binomial({ n: 5, p: 0.4 });
    const expected = [0.07776, 0.2592, 0.3456, 0.2304, 0.0768, 0.01024];
    five.pmf([0, 1, 2, 3, 4, 5]).forEach((p, i) => {
      expect(p).toBeCloseTo(expected[i]!, 14);
    });
    expect([five.mean, five.variance]).toEqual([2, 1.2]);
    const half = distributions.uniform({ low: 0, high: 0.5 });
    expect([half.pdf(0.2), half.probabilityBetween(0.1, 0.2)]).toEqual([2, 0.2]);
    expect(distributions.normal({ mean: 1 }).cdf(0)).toBeCloseTo(0.158655253931457, 14);
    const rain = distributions.logNormal();
    expect([rain.median, rain.mean, rain.variance]).toEqual([
      1,
      expect.closeTo(1.648721, 6),
      expect.closeTo(4.670774, 6),
    ]);
    expect(distributions.exponential({ scale: 3 }).cdf(3)).toBeCloseTo(0.632121, 6);
  });

  it("keep the digits of far intervals and steps of the distribution function", () => {
    const d = distributions.normal();
    expect(d.probabilityBetween(10, 11) / d.survival(10)).toBeCloseTo(1, 4);
    const die = distributions.discreteUniform({ low: 1, high: 6 });
    for (let k = 1; k <= 6; k++) expect(die.quantile(die.cdf(k))).toBe(k);
    const counts = distributions.poisson({ rate: 30 });
    for (let k = 5; k <= 60; k++) expect(counts.quantile(counts.cdf(k))).toBe(k);
    expect([die.cdf(2.7), die.cdf(2)]).toEqual([1 / 3, 1 / 3]);
    expect(distributions.binomial({ n: 0, p: 0.5 }).pmf(0)).toBe(1);
    expect(distributions.binomial({ n: 3, p: 1 }).pmf([2, 3])).toEqual([0, 1]);
    expect(distributions.poisson({ rate: 0 }).cdf(0)).toBe(1);
    expect(distributions.geometric({ p: 1 }).pmf([1, 2])).toEqual([1, 0]);
  });

  it("say which parameter is wrong", () => {
    expect(() => distributions.normal({ std: 0 })).toThrow("normal: std must be a number above 0, got 0");
    expect(() => distributions.bernoulli({ p: 1.2 })).toThrow("p must be a probability from 0 to 1, got 1.2");
    expect(() => distributions.binomial({ n: 2.5, p: 0.5 })).toThrow("n must be a whole number from 0 up");
    expect(() => distributions.uniform({ low: 1, high: 1 })).toThrow("high must be above low");
    expect(() => distributions.poisson({} as never)).toThrow(
      "rate must be a number from 0 up, got undefined",
    );
  });

  it("draw by the seed", () => {
    const d = distributions.gamma({ alpha: 2 });
    seed(3);
    const first = [d.sample(), d.sample([4]).toArray()];
    seed(3);
    expect([d.sample(), d.sample([4]).toArray()]).toEqual(first);
    expect(d.sample([2], { dtype: "float64" }).dtype).toBe("float64");
    expect(distributions.poisson({ rate: 3 }).sample([2, 2]).dtype).toBe("int32");
  });

  it("show themselves", async () => {
    const d = distributions.normal({ mean: 1.5 });
    expect(inspect(d)).toBe("normal(mean 1.5, std 1)");
    const density = await d[DISPLAY]();
    expect(density["text/plain"]).toBe("normal(mean 1.5, std 1)");
    expect(Object.keys(density)).toContain("application/vnd.vegalite.v5+json");
    const bars = await distributions.poisson({ rate: 1e4 })[DISPLAY]();
    const spec = bars["application/vnd.vegalite.v5+json"] as { data: { values: unknown[] } };
    expect(spec.data.values.length).toBeLessThanOrEqual(60);
  });
});
