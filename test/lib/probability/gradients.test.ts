// Gradients through distributions: against PyTorch, against differences, at the edges of the support, and where there are none.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  adam,
  checkGradients,
  distributions,
  gradients,
  kernelDensity,
  linalg,
  noGrad,
  random,
  seed,
  softmax,
  type Tensor,
  tensor,
  variable,
} from "../../../lib/index.ts";

type Nested = number | Nested[];
interface Derivatives {
  value: Nested;
  first: Record<string, Nested>;
  second: Record<string, Nested>;
}
interface Case {
  name: string;
  discrete: boolean;
  arguments: Record<string, Nested>;
  logWeight: Derivatives;
  weight: Derivatives;
  cdf?: Derivatives;
}
interface Vectors extends Derivatives {
  arguments: Record<string, Nested>;
}

const fixtures: { cases: Case[]; multivariateNormal: Vectors; multinomial: Vectors } = JSON.parse(
  readFileSync(new URL("../../fixtures/probability/gradients.json", import.meta.url), "utf8"),
);

/** Relative to the largest of the numbers; both sides lose digits in differences of functions that are close. */
const TOLERANCE = 1e-11;
/** Second derivatives of gamma functions: PyTorch's trigamma has nine digits (trigamma(1) − π²/6 is 8e-10). */
const SECOND = 2e-9;

const double = { dtype: "float64" } as const;

type Family = Record<string, (x: Tensor) => Tensor>;
const make = distributions as unknown as Record<string, (parameters: object) => Family>;

function flat(numbers: Nested): number[] {
  return typeof numbers === "number" ? [numbers] : numbers.flatMap(flat);
}

function expectClose(what: string, found: Tensor | null, expected: Nested, tolerance = TOLERANCE): void {
  const wanted = flat(expected);
  const values = found === null ? wanted.map(() => 0) : Array.from(found.data());
  expect(values.length, what).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs), 1e-3);
  for (const [i, value] of values.entries()) {
    const distance = Math.abs(value - wanted[i]) / scale;
    expect(distance, `${what}[${i}]: ${value}, not ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Compares a function of the arguments, its gradients and the gradients of their sum. */
function compare(
  what: string,
  given: Record<string, Nested>,
  expected: Derivatives,
  f: (leaves: Record<string, Tensor>) => Tensor,
): void {
  const names = Object.keys(expected.first);
  const leaves = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      names.includes(name) ? variable(value, double) : tensor(value, double),
    ]),
  );
  const wanted = names.map((name) => leaves[name]);
  const value = f(leaves);
  expectClose(`${what}: value`, value, expected.value);
  const first = gradients(value.sum(), wanted, { createGraph: true });
  const total = first.map((g) => g.sum()).reduce((a, b) => a.add(b));
  if (total.requiresGrad) total.backward();
  names.forEach((name, i) => {
    expectClose(`${what} by ${name}`, first[i], expected.first[name]);
    expectClose(`${what} twice, by ${name}`, leaves[name].grad, expected.second[name], SECOND);
  });
}

describe("PyTorch has the same derivatives, and the same second ones", () => {
  it.each(fixtures.cases.map((c) => [c.name, c] as const))("%s", (name, c) => {
    const family = ({ x: _, ...parameters }: Record<string, Tensor>) => make[name](parameters);
    const [log, weight] = c.discrete ? ["logPmf", "pmf"] : ["logPdf", "pdf"];
    compare(log, c.arguments, c.logWeight, (leaves) => family(leaves)[log](leaves.x));
    compare(weight, c.arguments, c.weight, (leaves) => family(leaves)[weight](leaves.x));
    if (c.cdf === undefined) return;
    compare("cdf", c.arguments, c.cdf, (leaves) => family(leaves).cdf(leaves.x));
  });
});

describe("several numbers at once", () => {
  it("multivariateNormal has PyTorch's", () => {
    const { arguments: given, ...expected } = fixtures.multivariateNormal;
    compare("logPdf", given, expected, ({ x, mean, covariance }) =>
      distributions.multivariateNormal({ mean, covariance }).logPdf(x),
    );
  });

  it("multivariateNormal with lists for parameters, at places that learn", () => {
    const d = distributions.multivariateNormal({ mean: [1, 2], covariance: [[2, 0.5], [0.5, 1]] }); // biome-ignore format: a matrix
    expect(checkGradients((x) => d.logPdf(x), tensor([0.3, -1]), { order: 2 }).ok).toBe(true);
    expect(checkGradients((x) => d.pdf(x), tensor([[0.3, -1], [1, 2]]), { order: 2 }).ok).toBe(true); // biome-ignore format: a matrix
  });

  it("multivariateNormal learns through a factor in float32, whose products are symmetric up to rounding", () => {
    const factor = variable([[1.1, 0], [0.3, 0.7]]); // biome-ignore format: a matrix
    const f = (l: Tensor) =>
      distributions
        .multivariateNormal({ mean: [0, 0], covariance: linalg.matmul(l, l.transpose()) })
        .logPdf([0.5, -1]);
    f(factor).backward();
    expect(checkGradients(f, factor, { order: 2 }).ok).toBe(true);
    const exact = variable(factor.cast("float64").detach(), double);
    f(exact).backward();
    expectClose("factor", factor.grad, Array.from(exact.grad!.data()), 1e-5);
  });

  it("multinomial has PyTorch's", () => {
    const { arguments: given, ...expected } = fixtures.multinomial;
    compare("logPmf", given, expected, ({ x, probabilities }) =>
      distributions.multinomial({ n: 3, probabilities }).logPmf(x),
    );
  });

  it("multinomial leads to the shares that were counted", () => {
    const logits = variable([0, 0, 0]);
    const probabilities = softmax(logits);
    distributions.multinomial({ n: 6, probabilities }).logPmf([3, 2, 1]).backward();
    expectClose("logits", logits.grad, [1, 0, -1], 1e-6);
  });

  it("kernelDensity at places that learn, also twice", () => {
    const d = kernelDensity([1, 2, 4]);
    const x = tensor([0.5, 2, 3.5]);
    expect(checkGradients((at) => d.pdf(at), x, { order: 2 }).ok).toBe(true);
    expect(checkGradients((at) => d.cdf(at), x, { order: 2 }).ok).toBe(true);
    expect(checkGradients((at) => d.logPdf(at), tensor([0.5, 2, 60]), { order: 2, tolerance: 1e-5 }).ok).toBe(
      true,
    );
    expect(d.pdf(variable([0.5, 2])).requiresGrad).toBe(true);
  });
});

describe("differences", () => {
  const p = tensor([0.02, 0.5, 0.9], double);
  const { exponential, gamma, laplace, logNormal, normal, truncatedNormal, uniform } = distributions;
  it.each<[string, (...inputs: Tensor[]) => Tensor, Tensor[]]>([
    ["normal", (q, mean, std) => normal({ mean, std }).quantile(q), [p, tensor(1), tensor([2, 3, 1])]],
    ["from above", (q, mean) => normal({ mean }).inverseSurvival(q), [p, tensor([1, 0, 2])]],
    ["logNormal", (q, mean, std) => logNormal({ mean, std }).quantile(q), [p, tensor(0.5), tensor(0.7)]],
    ["exponential", (q, scale) => exponential({ scale }).quantile(q), [p, tensor([2, 3, 1])]],
    [
      "laplace",
      (q, mean, scale) => laplace({ mean, scale }).quantile(q),
      [tensor([0.1, 0.6]), p.at(0), p.at(1)],
    ],
    ["uniform", (q, low, high) => uniform({ low, high }).quantile(q), [p, tensor([-1, 0, 1]), tensor(2)]],
    ["gamma", (q, scale) => gamma({ alpha: 2.5, scale }).quantile(q), [p, tensor(2)]],
    [
      "truncatedNormal",
      (q, mean, std) => truncatedNormal({ mean, std, low: 0 }).quantile(q),
      [p, tensor(1), tensor(2)],
    ],
  ])("are the gradients of quantiles: %s", (_, f, inputs) => {
    expect(checkGradients(f, inputs, { order: 2, tolerance: 1e-5 })).toMatchObject({ ok: true });
  });

  it("are those of ends that follow mean and deviation", () => {
    const f = (mean: Tensor, std: Tensor) => truncatedNormal({ mean, std }).logPdf([0.5, 1.5]);
    expect(checkGradients(f, [tensor(1), tensor([1, 2])], { order: 2 }).ok).toBe(true);
  });

  it("are those of survival and of the cdf at places, whatever the shape parameters", () => {
    const x = tensor([0.3, 0.7]);
    const { beta, chiSquared, fisherF, studentT } = distributions;
    for (const d of [
      beta({ alpha: 2, beta: 3 }),
      chiSquared({ df: 3 }),
      fisherF({ df1: 3, df2: 5 }),
      studentT({ df: 3 }),
      gamma({ alpha: 0.5 }),
    ]) {
      expect(checkGradients((at) => d.cdf(at), x, { order: 2 }).ok, `${d}`).toBe(true);
      expect(checkGradients((at) => d.survival(at), x, { order: 2 }).ok, `${d}`).toBe(true);
    }
  });

  it("are those of discrete distribution functions", () => {
    const { bernoulli, binomial, geometric, poisson } = distributions;
    const f = (q: Tensor) => binomial({ n: 5, p: q }).cdf([-1, 0, 2.5, 5]);
    const four = tensor([0.2, 0.4, 0.6, 0.8]);
    expect(checkGradients(f, four, { order: 2 }).ok).toBe(true);
    expect(checkGradients((q) => bernoulli({ p: q }).survival([0, 0.5, 1, 2]), four).ok).toBe(true);
    expect(checkGradients((q) => geometric({ p: q }).survival([1, 2, 3.5, 9]), four, { order: 2 }).ok).toBe(
      true,
    );
    expect(checkGradients((rate) => poisson({ rate }).survival([0, 1, 3, 9]), four, { order: 2 }).ok).toBe(
      true,
    );
  });
});

/** The gradient of a sum by a tensor of the given numbers. */
function slope(f: (x: Tensor) => Tensor, at: number | number[]): unknown {
  const x = variable(at, double);
  f(x).sum().backward();
  // Zeros without their signs.
  return x.grad?.add(0).toArray();
}

describe("edges", () => {
  const { bernoulli, beta, binomial, exponential, gamma, geometric, normal, poisson, uniform } =
    distributions;

  it("outside the support nothing flows, at its ends what flows within", () => {
    const x = [-1, 0, 1, Number.POSITIVE_INFINITY];
    expect(slope((at) => exponential().logPdf(at), x)).toEqual([0, -1, -1, 0]);
    expect(slope((at) => exponential().pdf(at), x)).toEqual([0, -1, expect.closeTo(-Math.exp(-1)), 0]);
    expect(slope((at) => exponential().cdf(at), x)).toEqual([0, 1, expect.closeTo(Math.exp(-1)), 0]);
    expect(slope((at) => uniform().cdf(at), [-1, 0, 0.5, 1, 2])).toEqual([0, 1, 1, 1, 0]);
    expect(slope((low) => uniform({ low, high: 1 }).logPdf([-1, 0.5, 2]), 0)).toBe(1);
    expect(slope((at) => beta({ alpha: 1, beta: 1 }).logPdf(at), [-1, 0, 0.5, 1, 2])).toEqual([
      0, 0, 0, 0, 0,
    ]);
  });

  it("an infinite slope is infinite, a density of 0 is flat", () => {
    expect(slope((x) => gamma({ alpha: 2 }).logPdf(x), [0])).toEqual([Number.POSITIVE_INFINITY]);
    expect(slope((x) => gamma({ alpha: 2 }).pdf(x), [0])).toEqual([0]);
    expect(slope((x) => gamma({ alpha: 0.5 }).logPdf(x), [0])).toEqual([Number.NEGATIVE_INFINITY]);
    expect(slope((x) => normal().pdf(x), [40, Number.NEGATIVE_INFINITY])).toEqual([0, 0]);
    expect(slope((x) => normal().logPdf(x), [40, Number.NEGATIVE_INFINITY])).toEqual([-40, 0]);
  });

  it("of a t distribution, x² may be beyond doubles", () => {
    const { studentT } = distributions;
    expect(slope((x) => studentT({ df: 3 }).logPdf(x), [1e200, -1e200, 1e140])).toEqual([
      -4e-200, 4e-200, -4e-140,
    ]);
    const far = (df: Tensor) => studentT({ df }).logPdf([1e200, -1e160, 1e140]);
    expect(checkGradients(far, tensor(3), { order: 2, tolerance: 1e-5 })).toMatchObject({ ok: true });
  });

  it("NaN stays NaN", () => {
    const x = [Number.NaN, 0];
    expect(slope((at) => normal().logPdf(at), x)).toEqual([Number.NaN, 0]);
    expect(slope((at) => normal().cdf(at), x)).toEqual([Number.NaN, expect.closeTo(0.398942, 6)]);
  });

  it("of a gamma with alpha 1, the slope still knows of alpha", () => {
    const mixed = (x: Tensor, alpha: Tensor) => gamma({ alpha }).logPdf(x);
    expect(checkGradients(mixed, [tensor([0.5, 2]), tensor(1)], { order: 2 }).ok).toBe(true);
  });

  it("probabilities of 0 and 1 have one-sided slopes", () => {
    const infinite = Number.POSITIVE_INFINITY;
    expect(slope((p) => bernoulli({ p }).pmf([0, 1, 0, 1, 0.5]), [0, 0, 1, 1, 0.5])).toEqual([
      -1, 1, -1, 1, 0,
    ]);
    expect(slope((p) => bernoulli({ p }).logPmf([0, 1, 0, 1]), [0, 0, 1, 1])).toEqual([
      -1,
      infinite,
      -infinite,
      1,
    ]);
    expect(slope((p) => binomial({ n: 3, p }).pmf([0, 1, 3, 4]), [0, 0, 1, 0.5])).toEqual([-3, 3, 3, 0]);
    expect(slope((p) => binomial({ n: 0, p }).pmf([0, 1]), [0.5, 0.5])).toEqual([0, 0]);
    expect(slope((rate) => poisson({ rate }).pmf([0, 1, 2]), [0, 0, 0])).toEqual([-1, 1, 0]);
    expect(slope((p) => geometric({ p }).pmf([1, 2, 3, 0]), [1, 1, 1, 1])).toEqual([1, -1, 0, 0]);
  });

  it("no elements, no gradients", () => {
    expect(slope((x) => normal({ mean: x }).logPdf(x), [])).toEqual([]);
  });
});

describe("families", () => {
  const { binomial, gamma, normal, poisson } = distributions;

  it("have the values of the single distributions, to the bit", () => {
    const [means, stds, x] = [
      [0, 1, -2.5],
      [1, 0.1, 7],
      [-3, 0.25, 9, 100],
    ];
    const d = normal({ mean: tensor(means, double), std: tensor(stds, double) });
    const places = tensor(x, double).reshape([4, 1]);
    for (const method of ["logPdf", "pdf", "cdf", "survival"] as const) {
      const expected = x.map((at) => means.map((mean, i) => normal({ mean, std: stds[i] })[method](at)));
      expect(d[method](places).toArray()).toEqual(expected);
    }
  });

  it("give float32 to float32, and gradients in the type of each tensor", () => {
    const [mean, x] = [variable([0.1, 0.2]), variable([0.3, 0.4], double)];
    expect(normal({ mean }).logPdf([0.3, 0.4]).dtype).toBe("float32");
    const result = normal({ mean }).logPdf(x);
    result.sum().backward();
    expect([result.dtype, mean.grad?.dtype, x.grad?.dtype]).toEqual(["float64", "float32", "float64"]);
  });

  it("record nothing where nothing is asked for, with the same bits", () => {
    const [x, d] = [variable([0.3, 4]), normal()];
    const plain = noGrad(() => d.logPdf(x));
    expect(plain.requiresGrad).toBe(false);
    expect(d.logPdf(x).toArray()).toEqual(plain.toArray());
    expect(normal({ mean: tensor([1, 2]) }).logPdf(0).requiresGrad).toBe(false);
  });

  it("read their parameters at each call: the likelihood of a sample is greatest at its mean and deviation", () => {
    seed(1);
    const sample = random.normal([200], { mean: 3, std: 2, dtype: "float64" });
    const [mean, logStd] = [variable(0, double), variable(0, double)];
    const optimizer = adam({ learningRate: 0.05 });
    for (let step = 0; step < 800; step++) {
      optimizer.minimize(
        () => normal({ mean, std: logStd.exp() }).logPdf(sample).mean().neg(),
        [mean, logStd],
      );
    }
    expect(mean.item()).toBeCloseTo(sample.mean().item(), 3);
    expect(Math.exp(logStd.item())).toBeCloseTo(sample.std().item(), 3);
    const d = normal({ mean });
    const before = d.logPdf(0).item();
    noGrad(() => mean.assign(7));
    expect(d.logPdf(0).item()).toBeLessThan(before);
  });

  it("of whole numbers take places as constants", () => {
    const x = variable([1, 2]);
    expect(poisson({ rate: 3 }).logPmf(x).requiresGrad).toBe(false);
    poisson({ rate: variable(3) })
      .logPmf(x)
      .sum()
      .backward();
    expect(x.grad).toBe(null);
  });

  it("say which parameter has no closed form, when backward asks for it", () => {
    const alpha = variable(2);
    const x = variable([0.5, 1]);
    const level = gamma({ alpha, scale: 2 }).cdf(x);
    expect(() => level.sum().backward()).toThrow(
      /^gamma\.cdf: no closed form of its derivative by alpha .*alpha\.detach\(\).*logPdf/,
    );
    gamma({ alpha: alpha.detach(), scale: 2 }).cdf(x).sum().backward();
    expect(x.grad).not.toBe(null);
    const { beta, fisherF, studentT } = distributions;
    expect(() => beta({ alpha, beta: 3 }).survival(0.5).backward()).toThrow(/^beta\.survival: .*by alpha/);
    expect(() => studentT({ df: alpha }).quantile(0.5).backward()).toThrow(/^studentT\.quantile: .*by df/);
    expect(() => fisherF({ df1: alpha, df2: 3 }).cdf(0.5).backward()).toThrow(/^fisherF\.cdf: .*by df1/);
    expect(() => binomial({ n: alpha, p: 0.5 }).logPmf(1).backward()).toThrow(/^binomial\.logPmf: .*by n/);
  });

  it("refuse parameters out of range, wherever they are", () => {
    expect(() => normal({ std: tensor([1, -1]) }).logPdf(0)).toThrow(
      /^normal: std must be a number above 0, got -1/,
    );
    expect(() => normal({ mean: tensor([1, 2]) }).pdf([1, 2, 3])).toThrow(/^normal\.pdf: .*do not broadcast/);
    expect(() => distributions.categorical(softmax(variable([1, 2])) as never)).toThrow(
      /got a Tensor — .*logSoftmax/,
    );
    const square = tensor([[0.5, 0.5], [0.5, 0.5]]); // biome-ignore format: a matrix
    expect(() => distributions.multinomial({ n: 2, probabilities: square })).toThrow(
      /a tensor \[classes\], got \[2, 2\]/,
    );
    expect(() =>
      distributions.multivariateNormal({ mean: square, covariance: square }).logPdf([0, 0]),
    ).toThrow(/needs a mean \[size\] and a covariance \[size, size\], got \[2, 2\]/);
  });

  it("show their parameters", () => {
    expect(`${normal({ mean: tensor([1, 2]), std: 3 })}`).toBe("normal(mean tensor([1, 2]), std 3)");
  });
});
