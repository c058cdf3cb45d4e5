// Jacobians, Hessians, products with vectors and gradients of single examples against PyTorch, in float64.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mode } from "../../../lib/autograd/graph.ts";
import {
  allClose,
  checkGradients,
  exp,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  logSoftmax,
  ones,
  perSampleGradients,
  sequential,
  sgd,
  softmax,
  softmaxCrossEntropy,
  stack,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
  vjp,
  zeros,
} from "../../../lib/index.ts";
import { dense } from "../../../lib/nn/dense.ts";

type Numbers = number | Numbers[];
interface Fixture {
  W: number[][];
  b: number[];
  vector: Record<string, Record<"x" | "v" | "u" | "y" | "jacobian" | "vjp" | "jvp", Numbers>>;
  scalar: Record<string, Record<"x" | "v" | "y" | "gradient" | "hessian" | "hvp", Numbers>>;
  perSample: {
    x: number[][];
    labels: number[];
    parameters: Record<string, Numbers>;
    gradients: Record<string, Numbers>;
  };
}
const fixture: Fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/autograd/functional.json", import.meta.url), "utf8"),
);

const double = (values: Numbers) => tensor(values, { dtype: "float64" });
const W = double(fixture.W);
const b = double(fixture.b);

/** Both sides compute in float64 from the same decimals: only the order of a few additions differs. */
function expectClose(found: Tensor, expected: Numbers): void {
  const reference = double(expected);
  expect(found.shape).toEqual(reference.shape);
  expect(found.dtype).toBe("float64");
  const values = found.data();
  reference.data().forEach((value, i) => {
    expect(Math.abs(values[i]! - value), `element ${i}: ${values[i]}, PyTorch ${value}`).toBeLessThanOrEqual(
      1e-12 * Math.max(1, Math.abs(value)),
    );
  });
}

const vectorFunctions: Record<string, (x: Tensor) => Tensor> = {
  mixed: (x) => stack([x.at(0).mul(x.at(1)).mul(x.at(2).sin()), x.at(0).exp().div(x.at(1).square().add(1))]),
  layer: (x) => x.matmul(W).add(b).tanh(),
  softmax: (x) => softmax(x),
  logSoftmax: (x) => logSoftmax(x),
  spread: (x) => stack([x.mean(), x.variance(undefined, { correction: 1 }), x.mul(x).sum()]),
  relu: (x) => x.relu(),
  linear: (x) => x.matmul(W),
  constant: () => ones([3], { dtype: "float64" }),
};
const scalarFunctions: Record<string, (x: Tensor) => Tensor> = {
  rosenbrock: (x) => {
    const [before, after] = [x.slice(0, -1), x.slice(1)];
    const valley = after.sub(before.square()).square().mul(100);
    return before.neg().add(1).square().add(valley).sum();
  },
  logSumExp: (x) => exp(x).sum().log(),
  crossEntropy: (x) => softmaxCrossEntropy(x, tensor([2, 0])),
  layerLoss: (x) => x.matmul(W).add(b).sigmoid().square().sum(),
  sum: (x) => x.sum(),
};

test("all functions of the fixture are here", () => {
  expect(Object.keys(fixture.vector)).toEqual(Object.keys(vectorFunctions));
  expect(Object.keys(fixture.scalar)).toEqual(Object.keys(scalarFunctions));
});

describe.each(Object.entries(vectorFunctions))("%s", (name, fn) => {
  const expected = fixture.vector[name]!;
  const x = double(expected.x);
  test("jacobian", () => expectClose(jacobian(fn)(x), expected.jacobian));
  test("vjp", () => {
    const [value, product] = vjp(fn, x, double(expected.v));
    expectClose(value, expected.y);
    expectClose(product, expected.vjp);
    expect(value.requiresGrad || product.requiresGrad).toBe(false);
  });
  test("jvp", () => {
    const [value, product] = jvp(fn, x, double(expected.u));
    expectClose(value, expected.y);
    expectClose(product, expected.jvp);
    expect(value.requiresGrad || product.requiresGrad).toBe(false);
  });
  test("leaves the argument alone", () => {
    expect([x.requiresGrad, x.grad]).toEqual([false, null]);
  });
});

describe.each(Object.entries(scalarFunctions))("%s", (name, fn) => {
  const expected = fixture.scalar[name]!;
  const x = double(expected.x);
  test("valueAndGrad", () => {
    const [value, gradient] = valueAndGrad(fn)(x);
    expectClose(value, expected.y);
    expectClose(gradient, expected.gradient);
  });
  test("hessian", () => expectClose(hessian(fn)(x), expected.hessian));
  test("hvp", () => {
    const [value, product] = hvp(fn, x, double(expected.v));
    expectClose(value, expected.y);
    expectClose(product, expected.hvp);
  });
});

describe("derivatives of derivatives", () => {
  const fn = vectorFunctions.layer!;
  const expected = fixture.vector.layer!;
  const x = double(expected.x);
  test("of a jacobian, a vjp and a jvp, with respect to x", () => {
    expect(checkGradients((v) => jacobian(fn)(v), [x])).toMatchObject({ ok: true });
    expect(checkGradients((v) => vjp(fn, v, double(expected.v))[1], [x])).toMatchObject({ ok: true });
    expect(checkGradients((v) => jvp(fn, v, double(expected.u))[1], [x])).toMatchObject({ ok: true });
    expect(
      checkGradients((v) => hvp(scalarFunctions.layerLoss!, v, double(expected.u))[1], [x]),
    ).toMatchObject({ ok: true });
  });
  test("of a jvp with respect to its direction", () => {
    expect(checkGradients((u) => jvp(fn, x, u)[1], [double(expected.u)])).toMatchObject({ ok: true });
  });
  test("the third derivative of sin(x)·exp(x) is 2·exp(x)·(cos(x) − sin(x))", () => {
    const at = double(0.7);
    const third = grad(grad(grad((v) => v.sin().mul(v.exp()))))(at).item();
    expect(third).toBeCloseTo(2 * Math.exp(0.7) * (Math.cos(0.7) - Math.sin(0.7)), 12);
  });
});

describe("perSampleGradients", () => {
  const { x, labels, parameters, gradients } = fixture.perSample;
  const [w1, b1, w2] = ["w1", "b1", "w2"].map((name) =>
    variable(double(parameters[name]!), { dtype: "float64" }),
  ) as [Tensor, Tensor, Tensor];
  const loss = (inputs: Tensor, classes: Tensor) =>
    softmaxCrossEntropy(inputs.matmul(w1).add(b1).tanh().matmul(w2), classes);

  test("of a network", () => {
    const found = perSampleGradients(loss, [w1, b1, w2], [double(x), tensor(labels)]);
    ["w1", "b1", "w2"].forEach((name, i) => {
      expectClose(found[i]!, gradients[name]!);
    });
    expect(w1.grad).toBeNull();
    const mean = found[0]!.mean(0).data();
    loss(double(x), tensor(labels)).backward();
    w1.grad!.data().forEach((g, i) => {
      expect(g).toBeCloseTo(mean[i]!, 12);
    });
    w1.grad = b1.grad = w2.grad = null;
  });

  test("of a model made of layers", () => {
    const model = sequential([dense(2, { activation: "tanh" }), dense(3)]);
    const [inputs, classes] = [tensor(x), tensor(labels)];
    model.call(inputs);
    const of = (a: Tensor, c: Tensor) => softmaxCrossEntropy(model.call(a), c);
    const found = perSampleGradients(of, [...model.parameters()], [inputs, classes]);
    expect(found.map((g) => g.shape)).toEqual([...model.parameters()].map((p) => [5, ...p.shape]));
  });

  test("of no examples, and what it says of unequal ones", () => {
    const [none] = perSampleGradients((a) => a.matmul(w1).sum(), [w1], [zeros([0, 4])]);
    expect(none!.shape).toEqual([0, 4, 3]);
    expect(() => perSampleGradients(loss, [w1], [zeros([2, 4]), zeros([3])])).toThrow(/\[2, 4\] and \[3\]/);
  });
});

// The penalty of a contractive autoencoder, ‖∂σ(x·W)/∂x‖², has a closed form: Σⱼ (hⱼ (1 − hⱼ))² Σᵢ Wᵢⱼ².
describe("a derivative in a loss", () => {
  const x = tensor([0.5, -1, 2], { dtype: "float64" });
  const start = tensor(
    [
      [0.1, -0.4],
      [0.7, 0.2],
      [-0.3, 0.5],
    ],
    { dtype: "float64" },
  );
  const encode = (W: Tensor) => (v: Tensor) => v.matmul(W).sigmoid();
  const closed = (W: Tensor) => {
    const h = encode(W)(x);
    return h.mul(h.neg().add(1)).square().mul(W.square().sum(0)).sum();
  };
  const wanted = grad(closed)(start);
  const same = (found: Tensor) => expect(allClose(found, wanted, { rtol: 1e-12 })).toBe(true);

  test("lets gradients through to other variables with createGraph, and not without", () => {
    const W = variable(start);
    jacobian(encode(W), { createGraph: true })(x).square().sum().backward();
    same(W.grad!);
    expect(jacobian(encode(W))(x).requiresGrad).toBe(false);
    expect(grad((v: Tensor) => encode(W)(v).sum())(x).requiresGrad).toBe(false);
  });

  test("does so by itself inside a function that is differentiated", () => {
    const penalty = (W: Tensor) => jacobian(encode(W))(x).square().sum();
    same(grad(penalty)(start));
    const byGradients = (W: Tensor) => {
      const rows = [0, 1].map((j) =>
        grad((v: Tensor) => encode(W)(v).at(j))(x)
          .square()
          .sum(),
      );
      return rows[0]!.add(rows[1]!);
    };
    same(grad(byGradients)(start));
    expect(checkGradients(penalty, start, { order: 2 }).ok).toBe(true);
  });

  test("does so by itself in the loss of minimize", () => {
    const W = variable(start);
    sgd({ learningRate: 1 }).minimize(() => jacobian(encode(W))(x).square().sum(), [W]);
    same(start.sub(W.detach()));
    expect(mode.inside).toBe(false);
  });
});

describe("derivatives beyond the last that is not 0", () => {
  const nth = (f: (x: Tensor) => Tensor, n: number): ((x: Tensor) => Tensor) =>
    n === 0 ? f : grad(nth(f, n - 1));

  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ["3x", (x) => x.mul(3), [6, 3, 0, 0, 0]],
    ["x³", (x) => x.pow(3), [8, 12, 12, 6, 0, 0]],
    ["x² + x", (x) => x.square().add(x), [6, 5, 2, 0, 0]],
    ["x · w, with a variable w", (x) => x.mul(variable(5)), [10, 5, 0, 0]],
    ["|x|", (x) => x.abs(), [2, 1, 0]],
  ])("of %s", (_, f, expected) => {
    expect(expected.map((_, n) => nth(f, n)(tensor(2)).item())).toEqual(expected);
  });

  test("by valueAndGrad and jacobian", () => {
    const line = (x: Tensor) => x.mul(3);
    expect(grad((x) => valueAndGrad(line)(x)[1])(tensor(2)).item()).toBe(0);
    expect(jacobian(jacobian(line))(tensor([1, 2])).shape).toEqual([2, 2, 2]);
    expect(grad((x) => jacobian(line)(x).sum())(tensor([1, 2])).toArray()).toEqual([0, 0]);
    const v = tensor([1, 10]);
    const products = [
      (x: Tensor) => vjp(line, x, v),
      (x: Tensor) => jvp(line, x, v),
      (x: Tensor) => hvp((u) => u.square().sum(), x, v),
      (x: Tensor) => hvp((u) => u.sum(), x, v),
    ];
    for (const of of products) {
      expect(grad((x: Tensor) => of(x)[1].sum())(tensor([1, 2])).toArray()).toEqual([0, 0]);
    }
  });

  test("but a function that lost its argument has none", () => {
    const lost = (x: Tensor) => tensor(x.item() ** 2);
    const message = /^grad: .*does not depend on its argument.*item\(\)/;
    expect(() => grad(lost)(tensor(2))).toThrow(message);
    expect(() => grad(grad(lost))(tensor(2))).toThrow(message);
    expect(() => grad(() => variable(2).square())(tensor(2))).toThrow(message);
  });
});

describe("what they say", () => {
  test("of vectors of the wrong shape", () => {
    const x = tensor([1, 2]);
    expect(() => vjp((v) => v.sum(), x, x)).toThrow(/shape of the result, \[\], got \[2\]/);
    expect(() => jvp((v) => v, x, tensor(1))).toThrow(/shape of the argument, \[2\], got \[\]/);
  });
  test("of results that are no scalars, and arguments without derivatives", () => {
    const x = tensor([1, 2]);
    expect(() => hessian((v) => v)(x)).toThrow(/must give a scalar, got \[2\]/);
    expect(() => valueAndGrad((v) => v)(x)).toThrow(/^valueAndGrad: .*must give a scalar, got \[2\]/);
    expect(() => grad((v) => v.sum())(tensor([1], { dtype: "int32" }))).toThrow(/got int32/);
    expect(() => jacobian((v) => [v] as unknown as Tensor)(x)).toThrow(/must return a tensor/);
  });
  test("empty and single elements", () => {
    expect(jacobian((v) => v.square())(zeros([0])).shape).toEqual([0, 0]);
    expect(jacobian((v) => v.square())(tensor([3])).toArray()).toEqual([[6]]);
    expect(jacobian((v) => v)(tensor([3, 4])).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});
