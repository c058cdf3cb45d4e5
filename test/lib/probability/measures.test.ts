// Entropies and divergences, integration, densities and bins of samples against SciPy and NumPy; gradients; errors.
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  bernoulliKl,
  checkGradients,
  crossEntropy,
  distributions,
  entropy,
  freedmanDiaconis,
  integrate,
  isProbabilityDistribution,
  jensenShannonDivergence,
  kernelDensity,
  klDivergence,
  likelihood,
  linspace,
  logLikelihood,
  normalKl,
  random,
  seed,
  simpson,
  softmax,
  tensor,
  trapezoid,
} from "../../../lib/index.ts";
import { DISPLAY } from "../../../lib/plot/bundle.ts";

interface Fixture {
  pairs: { p: number[]; q: number[]; base: number; entropy: number; kl: number | null; js: number }[];
  samples: {
    x: number[];
    y: number[];
    trapezoid: number;
    trapezoidEven: number;
    simpson: number;
    simpsonEven: number;
  }[];
  densities: {
    values: number[];
    bandwidth: number;
    at: number[];
    pdf: number[];
    /** At the same places, and at −300 and 300, where most densities are too small for a number. */
    logPdf: number[];
    cdf: number[];
    edges: number[];
  }[];
  normals: { mean: number[]; covariance: number[][]; x: number[][]; logPdf: number[]; entropy: number }[];
}

const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/probability/measures.json", import.meta.url), "utf8"),
);

/** Sums of at most a thousand rounded terms. */
const DIGITS = 13;

describe("information measures", () => {
  it("are SciPy's", () => {
    for (const { p, q, base, ...expected } of fixture.pairs) {
      const kl = expected.kl ?? Infinity;
      expect(entropy(p, { base })).toBeCloseTo(expected.entropy, DIGITS);
      if (kl === Infinity) expect(klDivergence(p, q, { base })).toBe(Infinity);
      else expect(klDivergence(p, q, { base })).toBeCloseTo(kl, DIGITS);
      expect(jensenShannonDivergence(p, q, { base })).toBeCloseTo(expected.js, DIGITS);
      // H(p, q) = H(p) + D(p ‖ q)
      const cross = crossEntropy(p, q, { base });
      if (kl === Infinity) expect(cross).toBe(Infinity);
      else expect(cross).toBeCloseTo(expected.entropy + kl, DIGITS);
      const double = (values: number[]) => tensor([values, values], { dtype: "float64" });
      for (const [measure, value] of [
        [klDivergence, kl],
        [crossEntropy, expected.entropy + kl],
        [jensenShannonDivergence, expected.js],
      ] as const) {
        const both = measure(double(p), double(q), { base });
        expect(both.shape).toEqual([2]);
        if (value === Infinity) expect(both.toArray()).toEqual([Infinity, Infinity]);
        else expect(both.at(1).item()).toBeCloseTo(value, DIGITS);
      }
      expect(entropy(double(p), { base }).at(0).item()).toBeCloseTo(expected.entropy, DIGITS);
    }
  });

  it("have gradients, also beside impossible states", () => {
    const logits = () =>
      tensor(
        [
          [0.3, -1, 2],
          [0, 0.5, 0.1],
        ],
        { dtype: "float64" },
      );
    const p = tensor([0.2, 0, 0.8], { dtype: "float64" });
    for (const f of [
      (x: ReturnType<typeof logits>) => entropy(softmax(x)).sum(),
      (x: ReturnType<typeof logits>) => klDivergence(p, softmax(x)).sum(),
      (x: ReturnType<typeof logits>) => klDivergence(softmax(x), softmax(x.mul(2))).sum(),
      (x: ReturnType<typeof logits>) => crossEntropy(p, softmax(x)).sum(),
      (x: ReturnType<typeof logits>) => jensenShannonDivergence(p, softmax(x)).sum(),
    ]) {
      expect(checkGradients(f, [logits()]).ok).toBe(true);
    }
  });

  it("lose no digits where lists and numbers meet float64", () => {
    const [p, q] = [
      [0.36, 0.48, 0.16],
      [0.3, 0.3, 0.4],
    ];
    const double = (values: number | number[]) => tensor(values, { dtype: "float64" });
    for (const measure of [klDivergence, crossEntropy, jensenShannonDivergence]) {
      expect(measure(p, double(q)).item()).toBeCloseTo(measure(p, q), DIGITS);
      expect(measure(double(p), q).item()).toBeCloseTo(measure(p, q), DIGITS);
    }
    const [a, b] = [
      { mean: 0.1, std: 0.3 },
      { mean: 0.7, std: 0.9 },
    ];
    expect(normalKl({ ...a, mean: double(0.1) }, b).item()).toBeCloseTo(normalKl(a, b), DIGITS);
    expect(normalKl(a, { ...b, std: double(0.9) }).item()).toBeCloseTo(normalKl(a, b), DIGITS);
    expect(bernoulliKl(0.05, double(0.3)).item()).toBeCloseTo(bernoulliKl(0.05, 0.3), DIGITS);
    expect(bernoulliKl(double([0, 1, 1]), double([0.3, 0.5, 0])).toArray()).toEqual([
      -Math.log(0.7),
      Math.LN2,
      Infinity,
    ]);
    expect(logLikelihood([2, 1], double([0.7, 0.3])).item()).toBeCloseTo(
      logLikelihood([2, 1], [0.7, 0.3]),
      DIGITS,
    );
  });

  it("give the likelihood of rows of observations, with gradients", () => {
    const y = tensor([
      [1, 0, 0, 0],
      [0, 2, 1, 0],
    ]);
    const p = [0.96, 0.29, 0.02, 0];
    const rows = likelihood(y, tensor(p, { dtype: "float64" }));
    const expected = [likelihood([1, 0, 0, 0], p), likelihood([0, 2, 1, 0], p)];
    rows.toArray<number[]>().forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, DIGITS);
    });
    const logs = logLikelihood(y, tensor([p, p], { dtype: "float64" }), { base: 2 }).toArray<number[]>();
    logs.forEach((v, i) => {
      expect(v).toBeCloseTo(Math.log2(expected[i]!), DIGITS);
    });
    const inside = tensor([0.5, 0.2, 0.2, 0.1], { dtype: "float64" });
    expect(checkGradients((x) => likelihood(y, x), [inside]).ok).toBe(true);
    expect(checkGradients((x) => logLikelihood(y, x), [inside]).ok).toBe(true);
    expect(() => likelihood(y, tensor([0.5, 0.5]))).toThrow("got 4 for 2 probabilities");
    expect(() => likelihood([1], 1 as never)).toThrow(
      "probabilities are a list of numbers or a tensor, got 1",
    );
  });

  it("refuse what is no distribution", () => {
    expect(() => entropy([0.5, 0.6])).toThrow("entropy: probabilities sum to 1, these to 1.1");
    expect(() => klDivergence([1.2, -0.2], [0.5, 0.5])).toThrow(
      "probability 1.2 at position 0 is not in [0, 1]",
    );
    expect(() => crossEntropy([0.5, 0.5], [1])).toThrow("same states, got 2 and 1");
    expect(() => entropy([])).toThrow("at least one state");
    expect(() => entropy([1], { base: 1 })).toThrow("base must be above 0 and not 1");
    expect(isProbabilityDistribution([])).toBe(false);
    expect(isProbabilityDistribution([Number.NaN, 1])).toBe(false);
    expect(isProbabilityDistribution(tensor([0.1, 0.9]))).toBe(true);
  });

  it("have closed forms", () => {
    // The units of a variational autoencoder: μ and log σ.
    const mean = tensor([0, 0.5, -1, 2, 0], { dtype: "float64" });
    const std = tensor([0, -1, 0.5, -0.5, -2], { dtype: "float64" }).exp();
    const kl = normalKl({ mean, std });
    const expected = [0, 0.6927, 0.8591, 2.1839, 1.5092];
    kl.toArray<number[]>().forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i]!, 4);
    });
    expect(checkGradients((m, s) => normalKl({ mean: m, std: s }).sum(), [mean, std]).ok).toBe(true);
    const [p, q] = [distributions.normal({ mean: 1, std: 2 }), distributions.normal({ mean: -1, std: 3 })];
    const numeric = integrate((x) => p.pdf(x) * (p.logPdf(x) - q.logPdf(x)), -30, 30);
    expect(normalKl({ mean: 1, std: 2 }, { mean: -1, std: 3 })).toBeCloseTo(numeric, 9);
    expect(bernoulliKl(0.05, 0.3)).toBeCloseTo(klDivergence([0.05, 0.95], [0.3, 0.7]), 14);
    expect(bernoulliKl(0, 0.3)).toBeCloseTo(-Math.log(0.7), 14);
    expect(bernoulliKl(1, 0)).toBe(Infinity);
    const activity = tensor([0.2, 0.6], { dtype: "float64" });
    expect(checkGradients((a) => bernoulliKl(0.05, a).sum(), [activity]).ok).toBe(true);
    expect(() => normalKl({ mean: 0, std: 0 })).toThrow("std must be above 0, got 0");
    expect(likelihood([2, 1], [0.5, 0.25])).toBe(0.0625);
    expect(logLikelihood([2, 1], [0.5, 0.25], { base: 2 })).toBeCloseTo(-4, 14);
    expect(logLikelihood([0, 1], [0.5, 0])).toBe(-Infinity);
    expect(() => likelihood([1], [0.5, 0.5])).toThrow("got 1 for 2 probabilities");
  });
});

describe("integration", () => {
  it("of samples is SciPy's", () => {
    for (const { x, y, ...expected } of fixture.samples) {
      expect(trapezoid(y, x)).toBeCloseTo(expected.trapezoid, 12);
      expect(trapezoid(y, 0.3)).toBeCloseTo(expected.trapezoidEven, 12);
      expect(simpson(y, x)).toBeCloseTo(expected.simpson, 12);
      expect(simpson(y, 0.3)).toBeCloseTo(expected.simpsonEven, 12);
    }
    expect([trapezoid([]), simpson([3]), trapezoid([3])]).toEqual([0, 0, 0]);
  });

  it("takes vectors for heights and positions", () => {
    const [x, y] = [linspace(1, 50, 100, { dtype: "float64" }), linspace(1, 50, 100).square()];
    expect([trapezoid(y, x), simpson(y, x)]).toEqual([
      trapezoid(y.data(), x.data()),
      simpson(y.data(), x.data()),
    ]);
    expect(simpson(y, x)).toBeCloseTo((50 ** 3 - 1) / 3, 1);
    expect(() => trapezoid(y.reshape([10, 10]))).toThrow("a vector of numbers, got [10, 10]");
    expect(() => simpson(null as unknown as number[])).toThrow(
      "heights are a list of numbers or a tensor, got null",
    );
    expect(() => simpson([1, 2, 3], [1, 2])).toThrow("2 positions for 3 heights");
  });

  it("of functions finds the area under densities and around kinks", () => {
    for (const d of [
      distributions.normal({ mean: 3, std: 0.2 }),
      distributions.exponential({ scale: 3 }),
      distributions.laplace({ mean: 0.3 }),
      distributions.studentT({ df: 3 }),
      distributions.beta({ alpha: 2, beta: 5 }),
    ]) {
      expect(integrate((x) => d.pdf(x), d.support[0], d.support[1])).toBeCloseTo(1, 8);
    }
    expect(integrate(Math.abs, -1, 2)).toBeCloseTo(2.5, 9);
    expect(integrate((x) => x ** 3, 2, 0)).toBeCloseTo(-4, 12);
    expect(integrate((x) => Math.exp(x), -Infinity, 0)).toBeCloseTo(1, 9);
    expect(integrate((x) => (x < 0.3 ? 1 : 2), 0, 1)).toBeCloseTo(1.7, 8);
    expect([integrate(Math.exp, 1, 1), integrate(() => 0, 0, 5)]).toEqual([0, 0]);
    expect(() => integrate((x) => 1 / x, 0, 1)).toThrow("the function is Infinity");
    // Two classes at −1 and 1: the oracle's error.
    const [a, b] = [distributions.normal({ mean: -1 }), distributions.normal({ mean: 1 })];
    const error = integrate((x) => Math.min(a.pdf(x), b.pdf(x)) / 2, -12, 12);
    expect(error).toBeCloseTo(0.158655253931457, 9);
  });
});

describe("densities of samples", () => {
  it("are SciPy's, and the bins NumPy's", () => {
    for (const { values, bandwidth, at, pdf, logPdf, cdf, edges } of fixture.densities) {
      const density = kernelDensity(values);
      expect(density.bandwidth).toBeCloseTo(bandwidth, 12);
      density.pdf(at).forEach((v, i) => {
        expect(v).toBeCloseTo(pdf[i]!, 12);
      });
      density.logPdf([...at, -300, 300]).forEach((v, i) => {
        expect(Math.abs(v - logPdf[i]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(logPdf[i]!)));
      });
      density.cdf(at).forEach((v, i) => {
        expect(v).toBeCloseTo(cdf[i]!, 12);
      });
      const bins = freedmanDiaconis(values);
      expect(bins.count).toBe(edges.length - 1);
      bins.edges.forEach((v, i) => {
        expect(v).toBeCloseTo(edges[i]!, 12);
      });
    }
  });

  it("know small and flat samples", async () => {
    expect(freedmanDiaconis([3])).toEqual({ width: 1, count: 1, edges: [2.5, 3.5] });
    expect(freedmanDiaconis([1, 1, 1, 1, 9]).count).toBe(1);
    seed(1);
    expect(freedmanDiaconis(random.normal([100_000]), { most: 50 }).count).toBe(50);
    expect(kernelDensity([2], { bandwidth: 1 }).cdf(2)).toBe(0.5);
    const far = kernelDensity([2], { bandwidth: 1 });
    expect([far.pdf(300), far.logPdf(300).toFixed(6)]).toEqual([0, "-44402.918939"]);
    expect(far.logPdf([Number.NaN, -Infinity])).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(() => kernelDensity([2, 2])).toThrow("the numbers are all equal; give a bandwidth");
    expect(() => kernelDensity([])).toThrow("the sample is empty");
    expect(() => kernelDensity([1, Number.NaN])).toThrow("NaN or infinity");
    expect(() => freedmanDiaconis([])).toThrow("the sample is empty");
    const density = kernelDensity(tensor([1, 2, 4]));
    expect(inspect(density)).toBe("kernelDensity(3 numbers, bandwidth 1.226)");
    expect((await density[DISPLAY]())["text/plain"]).toBe(inspect(density));
  });
});

describe("the multivariate normal distribution", () => {
  it("has SciPy's density and entropy", () => {
    for (const { mean, covariance, x, logPdf, ...expected } of fixture.normals) {
      const d = distributions.multivariateNormal({ mean, covariance });
      const all = d.logPdf(tensor(x, { dtype: "float64" })).toArray<number[]>();
      x.forEach((row, i) => {
        expect(Math.abs(d.logPdf(row) - logPdf[i]!)).toBeLessThan(1e-10 * Math.abs(logPdf[i]!));
        expect(all[i]).toBe(d.logPdf(row));
      });
      expect(d.entropy).toBeCloseTo(expected.entropy, 11);
    }
  });

  it("draws with its mean and covariance", () => {
    const covariance = [
      [2, -1.2],
      [-1.2, 1],
    ];
    seed(9);
    const sample = distributions
      .multivariateNormal({ mean: [5, -5], covariance })
      .sample([40_000], { dtype: "float64" });
    const centred = sample.sub(tensor([5, -5]));
    // Five standard errors of a mean of products.
    expect(centred.mean(0).abs().max().item()).toBeLessThan((5 * Math.SQRT2) / 200);
    const found = centred.transpose().matmul(centred).div(40_000).sub(tensor(covariance)).abs();
    expect(found.max().item()).toBeLessThan((5 * 2 * Math.SQRT2) / 200);
  });

  it("refuses what is no covariance", () => {
    const make = (mean: number[], covariance: number[][]) => () =>
      distributions.multivariateNormal({ mean, covariance });
    expect(make([0, 0], [[1]])).toThrow("a mean of 2 needs a covariance [2, 2]");
    expect(
      make(
        [0, 0],
        [
          [1, 2],
          [0, 1],
        ],
      ),
    ).toThrow("not symmetric at [0, 1]");
    expect(
      make(
        [0, 0],
        [
          [1, 2],
          [2, 1],
        ],
      ),
    ).toThrow(/positive definite/);
    expect(() => make([0], [[1]])().pdf([1, 2])).toThrow("vectors have 1 components, got 2 numbers");
  });
});
