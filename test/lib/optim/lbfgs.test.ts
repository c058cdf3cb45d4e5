// L-BFGS: minima that are known, and what a linear autoencoder has in common with principal components.
import { describe, expect, test } from "vitest";
import { lbfgs, linalg, random, seed, type Tensor, tensor, variable, zeros } from "../../../lib/index.ts";

const float64 = { dtype: "float64" } as const;

describe("known minima", () => {
  test("Rosenbrock's valley from its usual start, downhill in every step", () => {
    const w = variable([-1.2, 1], float64);
    const loss = () => w.at(1).sub(w.at(0).square()).square().mul(100).add(w.at(0).sub(1).square());
    const optimizer = lbfgs();
    const losses = Array.from({ length: 45 }, () => optimizer.minimize(loss, w));
    expect(losses[0]).toBeCloseTo(24.2, 12);
    losses.slice(1).forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(losses[i]!);
    });
    expect(w.sub(1).abs().max().item()).toBeLessThan(1e-9);
    expect(optimizer.iterations).toBe(45);
  });

  test.each(["float32", "float64"] as const)(
    "a quadratic of condition 1000 over two variables, %s",
    (dtype) => {
      const [a, b] = [variable([3, -2], { dtype }), variable([[5]], { dtype })];
      const loss = () =>
        a
          .sub(1)
          .square()
          .mul(tensor([1, 1000], { dtype }))
          .sum()
          .add(b.add(2).square().mul(30).sum());
      const optimizer = lbfgs({ memory: 3 });
      for (let step = 0; step < 40; step++) optimizer.minimize(loss, [a, b]);
      const close = dtype === "float32" ? 1e-5 : 1e-12;
      expect(Math.max(a.sub(1).abs().max().item(), b.add(2).abs().max().item())).toBeLessThan(close);
      expect([a.dtype, b.dtype, b.shape]).toEqual([dtype, dtype, [1, 1]]);
    },
  );

  // Baldi and Hornik, 1989: the product of the weights becomes the projection on the first principal components.
  test("a linear autoencoder finds the principal components' subspace", () => {
    seed(3);
    const data = random.normal([200, 5]).cast("float64");
    const x = data.sub(data.mean(0));
    const { s, vh } = linalg.svd(x);
    const components = vh.at(":2").transpose();
    const [encode, decode] = [
      variable(random.normal([5, 2], { std: 0.3 }).cast("float64")),
      variable(random.normal([2, 5], { std: 0.3 }).cast("float64")),
    ];
    const optimizer = lbfgs();
    const loss = () => x.matmul(encode).matmul(decode).sub(x).square().mean();
    for (let step = 0; step < 150; step++) optimizer.minimize(loss, [encode, decode]);
    expect(loss().item()).toBeCloseTo(s.at("2:").square().sum().item() / 1000, 12);
    const projection = components.matmul(components.transpose());
    expect(encode.matmul(decode).sub(projection).abs().max().item()).toBeLessThan(1e-6);
  });
});

describe("what it leaves alone", () => {
  test("variables at a minimum, those that were not given, and gradients", () => {
    const [w, other] = [variable([0, 0]), variable(3)];
    other.square().backward();
    expect(lbfgs().minimize(() => w.square().sum().mul(other), w)).toBe(0);
    expect([w.toArray(), other.item(), other.grad!.item(), w.grad]).toEqual([[0, 0], 3, 6, null]);
  });

  test("the place where the loss is no number, or falls nowhere", () => {
    const w = variable(-1);
    expect(lbfgs().minimize(() => w.log(), w)).toBeNaN();
    const sum = variable(2);
    const rising = () => tensor(1).add(sum.sub(sum.detach()));
    lbfgs().minimize(rising, sum);
    expect([w.item(), sum.item()]).toEqual([-1, 2]);
  });
});

describe("mistakes", () => {
  const w = variable([1, 2]);
  test.each<[() => unknown, string]>([
    [() => lbfgs({ memory: 0 }), "lbfgs: memory must be a whole number above 0, got 0"],
    [() => lbfgs().minimize(() => w.square(), w), "lbfgs: the loss must be a scalar, got [2]"],
    [() => lbfgs().minimize(() => zeros([]), w), "depends on none of the 1 variables given"],
    [
      () => lbfgs().minimize((async () => w.sum()) as unknown as () => Tensor, w),
      "lbfgs: minimize: the function must not be async",
    ],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });
});
