// What a seed fixes, shapes and types, parameters that broadcast, and errors.
import { describe, expect, it } from "vitest";
import { allClose, noGrad, random, seed, type Tensor, tensor, variable } from "../../../lib/index.ts";

const rounded = (values: Iterable<number>): number[] => Array.from(values, (v) => Number(v.toFixed(6)));

describe("a seed", () => {
  it("fixes the same numbers for ever", () => {
    const g = random.generator(42);
    expect(rounded(g.uniform([4]).data())).toEqual([0.409207, 0.121677, 0.203488, 0.867325]);
    expect(rounded(g.normal([4]).data())).toEqual([-0.956894, -0.365736, -0.435162, 0.777439]);
    expect(rounded(g.truncatedNormal([4]).data())).toEqual([-0.663128, -1.629088, 1.035319, 0.757196]);
    expect(rounded(g.integers([8], { high: 1000 }).data())).toEqual([500, 237, 427, 624, 25, 801, 987, 349]);
    expect(rounded(g.gamma([4], { alpha: 0.5 }).data())).toEqual([0.111835, 0.02121, 1.51127, 0.419484]);
    expect(rounded(g.poisson([8], { rate: 40 }).data())).toEqual([40, 43, 52, 32, 41, 44, 29, 37]);
    expect(rounded(g.binomial([8], { n: 100, p: 0.3 }).data())).toEqual([40, 32, 29, 20, 30, 30, 24, 31]);
    expect(rounded(g.permutation(8).data())).toEqual([7, 6, 0, 4, 5, 2, 1, 3]);
  });

  it("of a generator is its own affair", () => {
    seed(5);
    const expected = [random.normal([3]), random.integers([3], { high: 100 })].map(String);
    seed(5);
    const mine = random.generator(5);
    const first = mine.normal([3]);
    const global = [random.normal([3]), random.integers([3], { high: 100 })].map(String);
    expect(global).toEqual(expected);
    expect(String(random.generator(5).normal([3]))).toBe(String(first));
    expect(String(first)).not.toBe(expected[0]);
    expect(() => random.generator(1.5)).toThrow("random.generator: needs a whole number, got 1.5");
  });

  it("gives an element the same number whatever the shape", () => {
    const draw = (n: number) => Array.from(random.generator(8).gamma([n], { alpha: 0.4 }).data());
    expect(draw(100).slice(0, 7)).toEqual(draw(7));
    // Some of the first hundred lie outside and are drawn again.
    const cut = (n: number) => Array.from(random.generator(8).truncatedNormal([n]).data());
    expect(cut(1000).slice(0, 99)).toEqual(cut(99));
    const uncut = Array.from(random.generator(8).normal([1000]).data());
    const moved = cut(1000).filter((v, i) => v !== uncut[i]);
    expect(moved.length).toBe(uncut.filter((v) => Math.abs(v) > 2).length);
    expect(moved.length).toBeGreaterThan(20);
  });
});

describe("random tensors", () => {
  it("have the shapes and types asked for", () => {
    for (const make of [
      random.normal,
      random.uniform,
      random.truncatedNormal,
      random.exponential,
      random.gumbel,
    ]) {
      expect([make([2, 0, 3]).shape, make([]).shape, make([2]).dtype]).toEqual([[2, 0, 3], [], "float32"]);
      expect(make([2], { dtype: "float64" }).dtype).toBe("float64");
      expect(() => make([2], { dtype: "int32" as never })).toThrow("gives float32 or float64, not int32");
    }
    expect(random.poisson([2], { rate: 3 }).dtype).toBe("int32");
    expect(random.bernoulli([2], { dtype: "bool" }).dtype).toBe("bool");
    expect(random.multinomial([2, 3], { n: 4, probabilities: [0.5, 0.5] }).shape).toEqual([2, 3, 2]);
    expect(random.dirichlet([], { alpha: [1, 1] }).shape).toEqual([2]);
  });

  it("take parameters that broadcast", () => {
    const p = tensor([[0], [1]]);
    expect(random.bernoulli([2, 3], { p }).toArray()).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(random.normal([2, 2], { mean: [5, -5], std: 0 }).toArray()).toEqual([
      [5, -5],
      [5, -5],
    ]);
    expect(random.binomial([3], { n: [0, 4, 9], p: 1 }).toArray()).toEqual([0, 4, 9]);
    expect(random.poisson([2], { rate: [0, 0] }).toArray()).toEqual([0, 0]);
    expect(() => random.poisson([3], { rate: [1, 2] })).toThrow(/broadcast/);
    const logits = tensor([
      [50, 0, 0],
      [0, 0, 50],
    ]);
    expect(random.categorical([2], { logits }).toArray()).toEqual([0, 2]);
    expect(random.categorical([4, 2], { logits }).toArray()).toEqual(Array(4).fill([0, 2]));
  });

  it("drop the part asked for and scale the rest", () => {
    seed(1);
    const mask = random.dropoutMask([10_000], { rate: 0.3 });
    expect(mask.mean().item()).toBeCloseTo(1, 1);
    expect(new Set(mask.toArray<number[]>().map((v) => v.toFixed(4)))).toEqual(new Set(["0.0000", "1.4286"]));
  });

  it("are refused with what is wrong", () => {
    expect(() => random.integers([2], { low: 3, high: 3 })).toThrow("there is none from 3 to 3");
    expect(() => random.integers([2], { high: 2.5 })).toThrow("high must be a whole number, got 2.5");
    expect(() => random.bernoulli([2], { p: [0.5, 1.5] })).toThrow(
      "p must be a probability from 0 to 1, got 1.5",
    );
    expect(() => random.gamma([2], { alpha: 0 })).toThrow("alpha must be a number above 0, got 0");
    expect(() => random.gamma([2], {} as never)).toThrow("alpha must be a number above 0, got undefined");
    expect(() => random.categorical([2], { probabilities: [0.5, 0.6] })).toThrow(
      "probabilities sum to 1, these to 1.1 — divide by the sum",
    );
    expect(() => random.categorical([2], { probabilities: [1.2, -0.2] })).toThrow("is not in [0, 1]");
    expect(() => random.multinomial([2], { n: 3, probabilities: [[0.5, 0.5]] })).toThrow("one list");
    expect(() => random.dropoutMask([2], { rate: 1 })).toThrow("from 0 to less than 1, got 1");
    expect(() => random.poisson([2], { rate: 1e10 })).toThrow("rate must be a number from 0 to");
  });
});

describe("parameters whose gradient has no closed form", () => {
  it("are drawn from as constants are, and refuse to be gone back to", () => {
    const alpha = variable([1, 2, 3]);
    seed(3);
    const constant = random.gamma([3], { alpha: alpha.detach() });
    seed(3);
    const sample = random.gamma([3], { alpha });
    expect(sample.toArray()).toEqual(constant.toArray());
    expect(() => sample.sum().backward()).toThrow(
      /^random\.gamma: no closed form .* by alpha .*alpha\.detach\(\).*distributions\.gamma\(…\)\.logPdf/,
    );
    expect(() => random.gamma([3], { alpha, scale: alpha }).sum().backward()).toThrow(/by alpha/);
    expect(() => random.beta([3], { alpha: 2, beta: alpha }).sum().backward()).toThrow(/by beta/);
    expect(() => random.gamma([3], { alpha: 2, scale: variable(-1) })).toThrow(
      "scale must be a number above 0",
    );
  });
});

describe("gradients flow through", () => {
  type Draw = (shape: number[], location: Tensor | number, scale: Tensor | number) => Tensor;
  const draws: [name: string, draw: Draw][] = [
    ["normal", (shape, mean, std) => random.normal(shape, { mean, std })],
    ["truncatedNormal", (shape, mean, std) => random.truncatedNormal(shape, { mean, std })],
    ["laplace", (shape, mean, scale) => random.laplace(shape, { mean, scale })],
    ["gumbel", (shape, location, scale) => random.gumbel(shape, { location, scale })],
    ["exponential", (shape, location, scale) => random.exponential(shape, { scale }).add(location)],
    ["logNormal", (shape, mean, std) => random.logNormal(shape, { mean, std }).log()],
    ["gamma", (shape, location, scale) => random.gamma(shape, { alpha: 2.5, scale }).add(location)],
  ];

  it.each(draws)("%s: to location and scale, with the numbers of constants", (_, draw) => {
    const [location, scale] = [variable([1, -2, 3]), variable([0.5, 2, 1])];
    seed(3);
    const constant = draw([4, 3], location.detach(), scale.detach());
    seed(3);
    const sample = draw([4, 3], location, scale);
    expect([constant.requiresGrad, sample.dtype, sample.shape]).toEqual([false, "float32", [4, 3]]);
    expect(allClose(sample, constant, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
    sample.sum().backward();
    const noise = constant.sub(location.detach()).div(scale.detach());
    expect(location.grad!.toArray()).toEqual([4, 4, 4]);
    expect(allClose(scale.grad!, noise.sum(0), { rtol: 1e-4, atol: 1e-5 })).toBe(true);
  });

  it("one of two parameters, and in float64", () => {
    const mean = variable([[1], [2]], { dtype: "float64" });
    const sample = random.normal([2, 5], { mean, std: [1, 2, 3, 4, 5], dtype: "float64" });
    sample.mul(sample.detach()).sum().backward();
    expect([sample.dtype, mean.grad!.shape]).toEqual(["float64", [2, 1]]);
    expect(allClose(mean.grad!, sample.detach().sum(1, { keepDims: true }))).toBe(true);
    expect(noGrad(() => random.normal([2, 5], { mean })).requiresGrad).toBe(false);
    expect(() => random.normal([2], { mean: 0, std: variable([1, -1]) })).toThrow(
      "std must be a number from 0 up",
    );
    expect(() => random.normal([3], { mean: variable([1, 2]) })).toThrow(/\[2\].*\[3\]/);
  });
});

describe("orders and picks", () => {
  it("contain each thing once", () => {
    const order = random.permutation(50).toArray<number[]>();
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(random.permutation(0).shape).toEqual([0]);
    const words = ["a", "b", "c", "d"];
    expect(random.shuffle(words).toSorted()).toEqual(words);
    expect(random.choice(words, { count: 4, replace: false }).toSorted()).toEqual(words);
    expect(words).toEqual(["a", "b", "c", "d"]);
  });

  it("take tensors apart along an axis, and gradients back", () => {
    const x = variable([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const rows = random.shuffle(x);
    expect(rows.sum(1).toArray<number[]>().toSorted()).toEqual([15, 6]);
    const columns = random.shuffle(x, { axis: -1 });
    expect(columns.sum(0).toArray<number[]>().toSorted()).toEqual([5, 7, 9]);
    columns.mul(columns).sum().backward();
    expect(x.grad!.toArray()).toEqual([
      [2, 4, 6],
      [8, 10, 12],
    ]);
    expect(random.choice(x).shape).toEqual([3]);
    expect(random.choice(x, { count: 5 }).shape).toEqual([5, 3]);
  });

  it("come one by one or in lists", () => {
    expect(random.choice(["only"])).toBe("only");
    expect(random.choice(1)).toBe(0);
    expect(random.choice(["a", "b"], { count: 0 })).toEqual([]);
    const weighted = random.choice(["a", "b", "c"], {
      count: 2,
      replace: false,
      probabilities: [0.5, 0, 0.5],
    });
    expect(weighted.toSorted()).toEqual(["a", "c"]);
  });

  it("are refused with what is wrong", () => {
    expect(() => random.choice([])).toThrow("there is nothing to choose from");
    expect(() => random.choice(3, { count: 4, replace: false })).toThrow("cannot pick 4 of 3");
    expect(() => random.choice(3, { probabilities: [0.5, 0.5] })).toThrow(
      "3 things need 3 probabilities, got 2",
    );
    expect(() => random.choice(2, { count: 2, replace: false, probabilities: [1, 0] })).toThrow(
      "only 1 have",
    );
    expect(() => random.shuffle("abc" as never)).toThrow("needs a list or a tensor");
    expect(() => random.choice({} as never)).toThrow("chooses from a list");
  });
});
