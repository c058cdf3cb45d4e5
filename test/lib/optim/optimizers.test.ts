// Optimizers against PyTorch's losses and weights over several steps, their memory, and their errors.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { grad } from "../../../lib/autograd/functional.ts";
import { softmaxCrossEntropy } from "../../../lib/ops/softmax.ts";
import { adadelta } from "../../../lib/optim/adadelta.ts";
import { adagrad } from "../../../lib/optim/adagrad.ts";
import { adam, adamW } from "../../../lib/optim/adam.ts";
import { adamax } from "../../../lib/optim/adamax.ts";
import { resolveOptimizer } from "../../../lib/optim/choose.ts";
import { nadam } from "../../../lib/optim/nadam.ts";
import type { Optimizer } from "../../../lib/optim/optimizer.ts";
import { rmsprop } from "../../../lib/optim/rmsprop.ts";
import { sgd } from "../../../lib/optim/sgd.ts";
import { tensor, variable } from "../../../lib/tensor/create.ts";
import type { Tensor } from "../../../lib/tensor/tensor.ts";
import fixture from "../../fixtures/optim/steps.json" with { type: "json" };

const { runs } = fixture;
const makers = {
  ...{ sgd, adam, adamW, adamax, nadam, rmsprop, adagrad, adadelta, momentum: sgd, nesterov: sgd },
  ...{
    adamSettings: adam,
    amsgrad: adam,
    nadamSettings: nadam,
    rmspropSettings: rmsprop,
    rmspropMomentum: rmsprop,
  },
  ...{ decay: sgd, adamDecay: adam },
  ...{ adagradSettings: adagrad, clipValue: sgd, clipNorm: sgd, globalClipNorm: sgd },
};
const cases = Object.entries(makers).map(([name, maker]) => {
  const expected = runs[name as keyof typeof makers];
  return { name, expected, make: () => (maker as (options: object) => Optimizer)(expected.options) };
});

describe.each(cases)("$name goes PyTorch's way", ({ expected, make }) => {
  const y = tensor(fixture.y, { dtype: "int32" });
  const net = (dtype: "float32" | "float64" = "float32") =>
    fixture.start.map((values) => variable(values, { dtype }));
  const lossOf = ([w1, b1, w2, b2]: Tensor[]) =>
    softmaxCrossEntropy(tensor(fixture.x).matmul(w1).add(b1).relu().matmul(w2).add(b2), y);

  function compare(losses: number[], weights: Tensor[]): void {
    for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(expected.losses[step], 5);
    for (const [index, weight] of weights.entries()) {
      const wanted = expected.weights[index].flat();
      for (const [i, value] of Array.from(weight.data()).entries()) expect(value).toBeCloseTo(wanted[i], 5);
    }
  }

  test.each(["float32", "float64"] as const)("by minimize, %s", (dtype) => {
    const weights = net(dtype);
    const optimizer = make();
    const losses = expected.losses.map(() => optimizer.minimize(() => lossOf(weights), weights));
    compare(losses, weights);
  });

  test("by zeroGrad, backward and step", () => {
    const weights = net();
    const optimizer = make();
    optimizer.attach(weights);
    const losses = expected.losses.map(() => {
      optimizer.zeroGrad();
      const loss = lossOf(weights);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
    compare(losses, weights);
  });
});

describe("variables", () => {
  test("a single one needs no list, although a tensor is a list of its rows", () => {
    const options = { learningRate: 0.1 };
    for (const make of [(w: Tensor) => sgd(w, options), (w: Tensor) => adam(w, options)]) {
      for (const value of [5, [1, 2]]) {
        const w = variable(value);
        const optimizer = make(w);
        expect(optimizer.parameters[0]).toBe(w);
        w.square().sum().backward();
        optimizer.step();
        expect(w.toArray()).not.toEqual(value);
        const before = w.toArray();
        optimizer.minimize(() => w.square().sum(), w);
        expect(w.toArray()).not.toEqual(before);
      }
    }
    expect(() => sgd(tensor([1, 2]))).toThrow("sgd: parameter 0 is no variable");
  });

  test("without zeroGrad the gradients of several losses add up", () => {
    const w = variable(1);
    const optimizer = sgd([w], { learningRate: 0.1 });
    w.square().backward();
    w.square().backward();
    optimizer.step();
    expect(w.item()).toBeCloseTo(0.6, 6);
  });

  test("one that the loss does not use stays as it is, also with momentum", () => {
    const [used, unused] = [variable([1, 2]), variable([3, 4])];
    const optimizer = adam({ learningRate: 0.1 });
    optimizer.minimize(() => used.square().sum().add(unused.sum()), [used, unused]);
    const before = unused.toArray();
    optimizer.minimize(() => used.square().sum(), [used, unused]);
    expect(unused.toArray()).toEqual(before);
  });

  test("a stretch in the middle is left out alone", () => {
    const weights = [variable([1]), variable([1]), variable([1])];
    const optimizer = sgd(weights, { learningRate: 1 });
    weights[0].add(weights[2]).sum().backward();
    optimizer.step();
    expect(weights.map((w) => w.toArray())).toEqual([[0], [1], [0]]);
  });

  test("two optimizers may take turns on the same variable", () => {
    const w = variable(1);
    const first = sgd([w], { learningRate: 0.1 });
    const second = sgd([w], { learningRate: 0.2 });
    for (const optimizer of [first, second, first]) {
      optimizer.zeroGrad();
      w.mul(1).backward();
      optimizer.step();
    }
    expect(w.item()).toBeCloseTo(0.6, 6);
  });

  test("added later keep what is remembered of the earlier ones", () => {
    const run = (addLater: boolean): number => {
      const [w, other] = [variable(1), variable(1)];
      const optimizer = sgd({ learningRate: 0.1, momentum: 0.9 });
      optimizer.minimize(() => w.square(), [w]);
      if (addLater) optimizer.minimize(() => other.square(), [other]);
      w.grad = null;
      other.grad = null;
      w.square().backward();
      optimizer.step();
      return w.item();
    };
    expect(run(true)).toBe(run(false));
  });

  test("that minimize was not given stay as they are, even when the loss depends on them", () => {
    const [w, other] = [variable(1), variable(1)];
    const optimizer = sgd({ learningRate: 0.1 });
    optimizer.minimize(() => w.mul(other), [w, other]);
    optimizer.minimize(() => w.mul(other), [w]);
    expect(other.item()).toBeCloseTo(0.9, 6);
    expect(w.item()).toBeCloseTo(0.81, 6);
  });

  test("their numbers can be assigned, and a gradient set by hand", () => {
    const w = variable([1, 2]);
    const optimizer = sgd([w], { learningRate: 1 });
    w.grad = tensor([1, 1]);
    optimizer.step();
    w.assign(w.detach().mul(10));
    w.grad = tensor([1, 0]);
    optimizer.step();
    expect(w.toArray()).toEqual([-1, 10]);
  });
});

test("they show their settings and how far they are", () => {
  const optimizer = sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
  const w = variable(1);
  expect(inspect(optimizer)).toBe("sgd(learningRate 0.1, momentum 0.9, nesterov)");
  optimizer.minimize(() => w.square(), [w]);
  expect(String(optimizer)).toBe("sgd(learningRate 0.1, momentum 0.9, nesterov), 1 step made");
  expect(String(adamW())).toBe(
    "adamW(learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-8, biasCorrection, weightDecay 0.004)",
  );
});

describe("step sizes that change", () => {
  test("a schedule gets the number of steps made", () => {
    const w = variable(0);
    const optimizer = sgd({ learningRate: (made) => 2 ** made });
    const seen = Array.from({ length: 4 }, () => {
      const next = optimizer.learningRate;
      optimizer.minimize(() => w.neg(), [w]);
      return [next, w.item()];
    });
    expect(seen).toEqual([
      [1, 1],
      [2, 3],
      [4, 7],
      [8, 15],
    ]);
  });

  test("decay divides by 1 + decay · steps made; a step size that is set stays", () => {
    const w = variable(0);
    const optimizer = adam({ learningRate: 1, decay: 0.5 });
    const rates = Array.from({ length: 3 }, () => {
      optimizer.minimize(() => w.mul(1), [w]);
      return optimizer.learningRate;
    });
    expect(rates).toEqual([1 / 1.5, 1 / 2, 1 / 2.5]);
    optimizer.learningRate = 0.25;
    optimizer.minimize(() => w.mul(1), [w]);
    expect(optimizer.learningRate).toBe(0.25);
  });

  test("weight decay goes with the step size", () => {
    const w = variable(1);
    const optimizer = sgd({ learningRate: (made) => (made === 0 ? 0.5 : 0), weightDecay: 0.5 });
    for (let step = 0; step < 3; step++) optimizer.minimize(() => w.mul(0), [w]);
    expect(w.item()).toBe(0.75);
  });

  test("errors", () => {
    expect(() => sgd({ decay: -1 })).toThrow("sgd: decay must be a number from 0 up, got -1");
    expect(() => sgd({ decay: 1, learningRate: () => 1 })).toThrow(
      "decay belongs to a constant learningRate",
    );
    const w = variable(1);
    const optimizer = sgd({ learningRate: () => Number.NaN });
    expect(() => optimizer.minimize(() => w.square(), [w])).toThrow(
      "learningRate must be a number from 0 up, got NaN",
    );
    expect([w.item(), optimizer.iterations]).toEqual([1, 0]);
  });
});

describe("printed formulas", () => {
  // J = θ², from θ = 1 with γ = 0.9 and the two rates of the cheat sheets, η = 1 in the velocity and α = 0.1 in the step.
  test("momentum, v = γv + η∇J, θ = θ − αv: the product of the two rates is the learning rate", () => {
    const w = variable(1, { dtype: "float64" });
    const optimizer = sgd({ learningRate: 0.1 * 1, momentum: 0.9 });
    for (let step = 0; step < 2; step++) optimizer.minimize(() => w.square(), [w]);
    expect(w.item()).toBeCloseTo(0.46, 12);
  });

  test("Nesterov as printed, v = γv + η∇J(θ − γv), by hand", () => {
    const slope = grad((x: Tensor) => x.square());
    let [theta, v] = [tensor(1), tensor(0)];
    for (let step = 0; step < 2; step++) {
      v = v.mul(0.9).add(slope(theta.sub(v.mul(0.9))));
      theta = theta.sub(v.mul(0.1));
    }
    expect(theta.item()).toBeCloseTo(0.82, 6);
  });

  test.each([
    ["adagrad", (options: object) => adagrad(options), (sum: number, g: number) => sum + g * g],
    [
      "rmsprop, which lectures print as Adadelta",
      (options: object) => rmsprop({ ...options, rho: 0.9 }),
      (mean: number, g: number) => 0.9 * mean + 0.1 * g * g,
    ],
  ] as const)("%s: θ − η / (√G + ε) · g", (_, make, next) => {
    const w = variable([1, -2], { dtype: "float64" });
    const optimizer = make({ learningRate: 0.1, epsilon: 1e-3 });
    let [G, expected] = [
      [0, 0],
      [1, -2],
    ];
    for (let step = 0; step < 5; step++) {
      const g = expected.map((x) => 2 * x);
      G = G.map((value, i) => next(value, g[i]));
      expected = expected.map((x, i) => x - (0.1 / (Math.sqrt(G[i]) + 1e-3)) * g[i]);
      optimizer.minimize(() => w.square().sum(), [w]);
    }
    Array.from(w.data()).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  test("adam without the correction of its means", () => {
    const w = variable([1, -2]);
    const optimizer = adam({
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-3,
      biasCorrection: false,
    });
    let [m, v, expected] = [
      [0, 0],
      [0, 0],
      [1, -2],
    ];
    for (let step = 0; step < 5; step++) {
      const g = expected.map((x) => 2 * x);
      m = m.map((x, i) => 0.9 * x + 0.1 * g[i]);
      v = v.map((x, i) => 0.99 * x + 0.01 * g[i] ** 2);
      expected = expected.map((x, i) => x - (0.1 * m[i]) / (Math.sqrt(v[i]) + 1e-3));
      optimizer.minimize(() => w.square().sum(), [w]);
    }
    Array.from(w.data()).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5);
    });
  });

  test("weight decay shrinks weights whatever the gradient", () => {
    const w = variable([2, -4]);
    sgd({ learningRate: 0.1, weightDecay: 0.5 }).minimize(() => w.mul(0).sum(), [w]);
    expect(Array.from(w.data()).map((v) => Math.round(v * 1e6) / 1e6)).toEqual([1.9, -3.8]);
  });

  test("arenas long enough for several threads", () => {
    const values = Float32Array.from({ length: 40003 }, (_, i) => Math.sin(i));
    const long = variable(values);
    const double = variable(Float64Array.from(values));
    for (const w of [long, double]) {
      const optimizer = rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true });
      for (let step = 0; step < 3; step++) optimizer.minimize(() => w.square().sum(), [w]);
    }
    const expected = double.data();
    const worst = Math.max(...Array.from(long.data(), (value, i) => Math.abs(value - expected[i])));
    expect(worst).toBeLessThan(1e-5);
  });
});

describe("errors", () => {
  test("of clipping", () => {
    expect(() => adam({ clipValue: 1, clipNorm: 1 })).toThrow(
      "limited in one way, got clipValue and clipNorm",
    );
    expect(() => sgd({ globalClipNorm: 0 })).toThrow("sgd: globalClipNorm must be a number above 0, got 0");
    expect(() => rmsprop({ weightDecay: -1 })).toThrow(
      "rmsprop: weightDecay must be a number from 0 up, got -1",
    );
  });
  test("a parameter that is no variable", () => {
    expect(() => adam([tensor([1])])).toThrow("adam: parameter 0 is no variable");
  });
  test("a step without gradients", () => {
    expect(() => sgd([variable(1)]).step()).toThrow("call loss.backward() before step()");
  });
  test("a step without variables", () => {
    expect(() => sgd().step()).toThrow("there is nothing to optimize");
  });
  test("options out of range", () => {
    expect(() => sgd({ learningRate: -1 })).toThrow("sgd: learningRate must be a number from 0 up, got -1");
    expect(() => sgd({ momentum: 1 })).toThrow("momentum must be from 0 up to but not 1, got 1");
    expect(() => adam({ beta2: 2 })).toThrow("adam: beta2");
    expect(() => sgd({ nesterov: true })).toThrow("nesterov needs a momentum");
  });
  test("a misspelt name", () => {
    // @ts-expect-error: the name is a type error, too
    expect(() => resolveOptimizer("adamm")).toThrow(
      'unknown optimizer "adamm" — did you mean "adam"? known: sgd, adam',
    );
  });
});
