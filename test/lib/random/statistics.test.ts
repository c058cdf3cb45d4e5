// Random numbers against the exact distributions: Kolmogorov and Smirnov's distance, chi-squared, mean and variance.
//
// The seeds are fixed, so a test gives the same figure each time. Bounds are those that right numbers would exceed once
// in a million seeds, over all of some thirty tests hardly ever.
import { describe, expect, it } from "vitest";
import {
  type ContinuousDistribution,
  type DiscreteDistribution,
  distributions as d,
  random,
  seed,
  special,
  type Tensor,
  tensor,
} from "../../../lib/index.ts";

const COUNT = 50_000;
const SHAPE = [COUNT];
const source = random.generator(2026);
/** P(√n·D > 2.7) = 2·exp(−2·2.7²) = 9e-7. */
const KOLMOGOROV = 2.7;
const RARE = 1e-6;

function kolmogorovDistance(sample: Tensor, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample.data()).sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((x, i) => {
    const p = cdf(x);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs((i + 1) / n - p));
  });
  return distance * Math.sqrt(n);
}

/** The probability of a chi-squared statistic at least as large, over bins of at least 20 expected numbers. */
function chiSquaredTail(
  values: ArrayLike<number>,
  pmf: (k: number) => number,
  low: number,
  high: number,
): number {
  const counts = new Map<number, number>();
  for (const value of Array.from(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const n = values.length;
  const bins: { observed: number; expected: number }[] = [{ observed: 0, expected: 0 }];
  let [seen, expectedBefore] = [0, 0];
  for (let k = low; k <= high; k++) {
    const bin = bins.at(-1)!;
    bin.observed += counts.get(k) ?? 0;
    bin.expected += pmf(k) * n;
    seen += counts.get(k) ?? 0;
    expectedBefore += pmf(k) * n;
    if (bin.expected >= 20 && n - expectedBefore >= 20) bins.push({ observed: 0, expected: 0 });
  }
  // What is beyond `high` belongs to the last bin.
  const last = bins.at(-1)!;
  last.observed += n - seen;
  last.expected += n - expectedBefore;
  const statistic = bins.reduce((sum, bin) => sum + (bin.observed - bin.expected) ** 2 / bin.expected, 0);
  return special.gammaQ((bins.length - 1) / 2, statistic / 2);
}

/** Distributions draw by the library's seed. */
function sampled(make: () => { sample(shape: number[]): Tensor }): Tensor {
  seed(11);
  return make().sample(SHAPE);
}

const fractions: [string, Tensor, ContinuousDistribution][] = [
  ["uniform", source.uniform(SHAPE, { low: -2, high: 3 }), d.uniform({ low: -2, high: 3 })],
  ["uniform float64", source.uniform(SHAPE, { dtype: "float64" }), d.uniform()],
  ["normal", source.normal(SHAPE, { mean: 1, std: 2 }), d.normal({ mean: 1, std: 2 })],
  ["normal float64", source.normal(SHAPE, { dtype: "float64" }), d.normal()],
  ["logNormal", source.logNormal(SHAPE, { std: 0.5 }), d.logNormal({ std: 0.5 })],
  ["exponential", source.exponential(SHAPE, { scale: 3 }), d.exponential({ scale: 3 })],
  ["laplace", source.laplace(SHAPE, { mean: 1, scale: 2 }), d.laplace({ mean: 1, scale: 2 })],
  ["gamma 0.3", source.gamma(SHAPE, { alpha: 0.3 }), d.gamma({ alpha: 0.3 })],
  ["gamma 1", source.gamma(SHAPE, { alpha: 1 }), d.gamma({ alpha: 1 })],
  ["gamma 7.5", source.gamma(SHAPE, { alpha: 7.5, scale: 2 }), d.gamma({ alpha: 7.5, scale: 2 })],
  ["beta 0.5, 0.5", source.beta(SHAPE, { alpha: 0.5, beta: 0.5 }), d.beta({ alpha: 0.5, beta: 0.5 })],
  ["beta 2, 5", source.beta(SHAPE, { alpha: 2, beta: 5 }), d.beta({ alpha: 2, beta: 5 })],
  ["studentT", sampled(() => d.studentT({ df: 5 })), d.studentT({ df: 5 })],
  ["fisherF", sampled(() => d.fisherF({ df1: 4, df2: 9 })), d.fisherF({ df1: 4, df2: 9 })],
  ["chiSquared", sampled(() => d.chiSquared({ df: 3 })), d.chiSquared({ df: 3 })],
];

describe.each(fractions)("random.%s", (_, sample, distribution) => {
  it("follows its distribution", () => {
    expect(kolmogorovDistance(sample, (x) => distribution.cdf(x))).toBeLessThan(KOLMOGOROV);
    const [low, high] = distribution.support;
    expect(sample.min().item()).toBeGreaterThanOrEqual(low);
    expect(sample.max().item()).toBeLessThanOrEqual(high);
  });

  it("has its mean within five standard errors", () => {
    const mean = Float64Array.from(sample.data()).reduce((a, b) => a + b, 0) / COUNT;
    expect(Math.abs(mean - distribution.mean)).toBeLessThan((5 * distribution.std) / Math.sqrt(COUNT));
  });
});

const counts: [string, Tensor, DiscreteDistribution][] = [
  ["integers", source.integers(SHAPE, { low: -3, high: 8 }), d.discreteUniform({ low: -3, high: 7 })],
  ["bernoulli", source.bernoulli(SHAPE, { p: 0.3 }), d.bernoulli({ p: 0.3 })],
  ["binomial 5", source.binomial(SHAPE, { n: 5, p: 0.4 }), d.binomial({ n: 5, p: 0.4 })],
  ["binomial 60, 0.9", source.binomial(SHAPE, { n: 60, p: 0.9 }), d.binomial({ n: 60, p: 0.9 })],
  ["binomial 200", source.binomial(SHAPE, { n: 200, p: 0.35 }), d.binomial({ n: 200, p: 0.35 })],
  ["binomial 1e6", source.binomial(SHAPE, { n: 1e6, p: 2e-5 }), d.binomial({ n: 1e6, p: 2e-5 })],
  ["poisson 0.4", source.poisson(SHAPE, { rate: 0.4 }), d.poisson({ rate: 0.4 })],
  ["poisson 5", source.poisson(SHAPE, { rate: 5 }), d.poisson({ rate: 5 })],
  ["poisson 10", source.poisson(SHAPE, { rate: 10 }), d.poisson({ rate: 10 })],
  ["poisson 120", source.poisson(SHAPE, { rate: 120 }), d.poisson({ rate: 120 })],
  ["geometric", sampled(() => d.geometric({ p: 0.2 })), d.geometric({ p: 0.2 })],
];

describe.each(counts)("random.%s", (_, sample, distribution) => {
  it("follows its distribution", () => {
    const low = Math.max(distribution.support[0], distribution.quantile(1e-9));
    const high = Math.min(distribution.support[1], distribution.inverseSurvival(1e-9));
    const tail = chiSquaredTail(sample.data(), (k) => distribution.pmf(k), low, high);
    expect(tail).toBeGreaterThan(RARE);
  });

  it("has its mean within five standard errors", () => {
    const mean = Float64Array.from(sample.data()).reduce((a, b) => a + b, 0) / COUNT;
    expect(Math.abs(mean - distribution.mean)).toBeLessThan((5 * distribution.std) / Math.sqrt(COUNT));
  });
});

describe("random", () => {
  it("cuts the normal distribution at two deviations", () => {
    const normal = d.normal({ mean: 3, std: 0.5 });
    const [below, within] = [d.normal().cdf(-2), 1 - 2 * d.normal().cdf(-2)];
    const sample = source.truncatedNormal(SHAPE, { mean: 3, std: 0.5 });
    expect(kolmogorovDistance(sample, (x) => (normal.cdf(x) - below) / within)).toBeLessThan(KOLMOGOROV);
    expect([sample.min().item() >= 2, sample.max().item() <= 4]).toEqual([true, true]);
    // Five standard errors of the deviation.
    expect(Math.abs(sample.std().item() / 0.5 - 0.8796)).toBeLessThan(0.0115);
  });

  it("makes Gumbel numbers whose largest falls by the probabilities", () => {
    const sample = source.gumbel(SHAPE, { location: 1, scale: 2 });
    expect(kolmogorovDistance(sample, (x) => Math.exp(-Math.exp((1 - x) / 2)))).toBeLessThan(KOLMOGOROV);
    const logits = [0.1, 0.2, 0.7].map(Math.log);
    const picks = source.gumbel([COUNT, 3]).add(tensor(logits)).argMax(1);
    expect(chiSquaredTail(picks.data(), (k) => Math.exp(logits[k]!), 0, 2)).toBeGreaterThan(RARE);
  });

  it("picks classes and counts of classes by their probabilities", () => {
    const probabilities = [0.5, 0, 0.3, 0.2];
    const pmf = (k: number) => probabilities[k]!;
    const classes = source.categorical(SHAPE, { probabilities }).data();
    expect(classes).not.toContain(1);
    expect(chiSquaredTail(classes, pmf, 0, 3)).toBeGreaterThan(RARE);
    const picked = source.choice(4, { count: COUNT, probabilities }).data();
    expect(chiSquaredTail(picked, pmf, 0, 3)).toBeGreaterThan(RARE);
    const table = source.multinomial([COUNT], { n: 20, probabilities });
    expect(table.shape).toEqual([COUNT, 4]);
    const third = Array.from(table.data()).filter((_, i) => i % 4 === 2);
    const marginal = d.binomial({ n: 20, p: 0.3 });
    expect(chiSquaredTail(third, (k) => marginal.pmf(k), 0, 20)).toBeGreaterThan(RARE);
  });

  it("makes Dirichlet rows with beta margins that sum to 1", () => {
    const rows = source.dirichlet([COUNT], { alpha: [0.5, 2, 3] });
    const first = source.shuffle(rows).slice(0, 1, { axis: 1 }).flatten();
    const margin = d.beta({ alpha: 0.5, beta: 5 });
    expect(kolmogorovDistance(first, (x) => margin.cdf(x))).toBeLessThan(KOLMOGOROV);
    expect(rows.sum(1).sub(1).abs().max().item()).toBeLessThan(1e-6);
  });

  it("gives every order and every weighted pick its share", () => {
    const ranks = Array.from({ length: 12_000 }, () => {
      const [a, b] = source.permutation(3).data();
      return a! * 2 + (b! > (a! === 0 ? 1 : 0) ? 1 : 0);
    });
    expect(chiSquaredTail(ranks, () => 1 / 6, 0, 5)).toBeGreaterThan(RARE);
    // Without replacement: first a, then b with probability w_a · w_b / (1 − w_a).
    const probabilities = [0.6, 0.3, 0.1];
    const pairs = Array.from({ length: 12_000 }, () => {
      const [a, b] = source.choice(3, { count: 2, replace: false, probabilities }).data();
      return a! * 3 + b!;
    });
    const pairProbability = (k: number) => {
      const [a, b] = [Math.floor(k / 3), k % 3];
      return a === b ? 0 : (probabilities[a]! * probabilities[b]!) / (1 - probabilities[a]!);
    };
    expect(chiSquaredTail(pairs, pairProbability, 0, 8)).toBeGreaterThan(RARE);
  });
});
