// Worked examples of backpropagation as lectures print them: perturbation, logistic regression by loop, by matrices and as a layer,
// chain rules with Jacobians, derivatives of any order, and the forward and backward algorithms of a network by hand.
import { describe, expect, test } from "vitest";
import {
  binaryCrossentropy,
  dense,
  drawGraph,
  grad,
  gradients,
  jacobian,
  jvp,
  matmul,
  outer,
  random,
  Scalar,
  scalar,
  seed,
  sequential,
  sgd,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
  vjp,
} from "../../../lib/index.ts";

const float64 = { dtype: "float64" } as const;
const rounded = (x: Tensor) => Array.from(x.data(), (v) => Number(v.toFixed(10)) + 0);

describe("f(x, y, z) = 5(xy + z) at (2, 3, 4)", () => {
  const f = (v: Tensor) => v.at(0).mul(v.at(1)).add(v.at(2)).mul(5);
  const point = tensor([2, 3, 4], float64);

  test("by grad, by backward with gradients of what is in between, and by a small change", () => {
    expect(valueAndGrad(f)(point).map((x) => [...x.data()])).toEqual([[50], [15, 10, 5]]);
    const [x, y, z] = [variable(2), variable(3), variable(4)];
    const V = x.mul(y).add(z).retainGrad();
    const result = V.mul(5);
    expect([V.item(), result.item()]).toEqual([10, 50]);
    const picture = drawGraph(result, { x, y, z, V, f: result });
    expect(String(picture)).toBe("v1 = mul(x [], y [])  []\nV = add(v1, z [])  []\nf = mul(V, 5)  []");
    result.backward();
    expect([V, x, y, z].map((v) => v.grad!.item())).toEqual([5, 15, 10, 5]);
    const moved = f(point.with(2, 4.01));
    expect(rounded(moved)).toEqual([50.05]);
    expect((moved.item() - 50) / 0.01).toBeCloseTo(5, 9);
  });

  test("with 2z in the place of z the values are 14 and 70, and the slope by z is 10", () => {
    const g = (v: Tensor) => v.at(0).mul(v.at(1)).add(v.at(2).mul(2)).mul(5);
    expect(valueAndGrad(g)(point).map((x) => [...x.data()])).toEqual([[70], [15, 10, 10]]);
    expect(rounded(g(point.with(2, 4.01)))).toEqual([70.1]);
  });
});

describe("a derivative is a linear estimate", () => {
  const f = (x: Tensor) => x.sin().mul(x);
  test("whose error falls with the square of the distance", () => {
    const [value, slope] = valueAndGrad(f)(tensor(1.5, float64));
    const error = (e: number) =>
      Math.abs(f(tensor(1.5 + e, float64)).item() - value.item() - e * slope.item());
    // Up to the third derivative's share, which falls with the distance.
    for (const e of [1e-1, 1e-2, 1e-3])
      expect(Math.abs(error(e) / error(e / 10) - 100)).toBeLessThan(70 * e + 1);
  });

  test("and a small step against its sign goes down, a large one may not", () => {
    const bowl = (x: Tensor) => x.square();
    const step = (e: number) => {
      const x = tensor(0.5, float64);
      return bowl(x.sub(grad(bowl)(x).sign().mul(e))).item() < bowl(x).item();
    };
    expect([0.01, 0.1, 0.9, 1.1, 3].map(step)).toEqual([true, true, true, false, false]);
  });
});

describe("logistic regression", () => {
  seed(17);
  const m = 12;
  // X is (features × examples), as w · X wants it.
  const X = random.normal([2, m], float64);
  const y = X.at(0)
    .sub(X.at(1).mul(0.5))
    .add(random.normal([m], { std: 0.3, dtype: "float64" }))
    .greater(0)
    .cast("float64");
  const [w, b] = [tensor([[0.3], [-0.2]], float64), tensor(0.1, float64)];
  const sigma = (v: number) => 1 / (1 + Math.exp(-v));

  /** One pass over all examples, number by number. */
  function loop() {
    let [J, dw1, dw2, db] = [0, 0, 0, 0];
    for (let i = 0; i < m; i++) {
      const [x1, x2, label] = [X.at(0, i).item(), X.at(1, i).item(), y.at(i).item()];
      const a = sigma(w.at(0, 0).item() * x1 + w.at(1, 0).item() * x2 + b.item());
      J += -(label * Math.log(a) + (1 - label) * Math.log(1 - a));
      const dz = a - label;
      dw1 += x1 * dz;
      dw2 += x2 * dz;
      db += dz;
    }
    return { J: J / m, dw: [dw1 / m, dw2 / m], db: db / m };
  }

  /** The mean of the graphs of all examples, each a graph of numbers. */
  function graphs() {
    const sums = { J: 0, dw: [0, 0], db: 0 };
    for (let i = 0; i < m; i++) {
      const [w1, w2, bias] = [
        scalar(w.at(0, 0).item(), "w1"),
        scalar(w.at(1, 0).item(), "w2"),
        scalar(b.item(), "b"),
      ];
      const z = w1
        .mul(X.at(0, i).item())
        .add(w2.mul(X.at(1, i).item()))
        .add(bias)
        .named("z");
      const a = z.sigmoid().named("a");
      const L = (y.at(i).item() === 1 ? a : a.neg().add(1)).log().neg().named("L");
      L.backward();
      expect(z.gradient).toBeCloseTo(a.value - y.at(i).item(), 12);
      sums.J += L.value / m;
      sums.dw = sums.dw.map((sum, k) => sum + [w1, w2][k]!.gradient / m);
      sums.db += bias.gradient / m;
    }
    return sums;
  }

  test("the loop over examples, the product of matrices, autodiff and graphs of numbers agree", () => {
    const byHand = loop();
    const A = matmul(w.transpose(), X).add(b).sigmoid();
    expect(A.shape).toEqual([1, m]);
    const dZ = A.sub(y);
    const dw = matmul(X, dZ.transpose()).div(m);
    expect(dw.shape).toEqual([2, 1]);
    const [weights, bias] = [variable(w), variable(b)];
    const loss = binaryCrossentropy(y, matmul(weights.transpose(), X).add(bias).sigmoid().reshape([m]));
    const [autoW, autoB] = gradients(loss, [weights, bias]) as [Tensor, Tensor];
    const near = (found: number, wanted: number) => expect(found).toBeCloseTo(wanted, 12);
    near(loss.item(), byHand.J);
    byHand.dw.forEach((wanted, i) => {
      near(dw.at(i, 0).item(), wanted);
      near(autoW.at(i, 0).item(), wanted);
      near(graphs().dw[i]!, wanted);
    });
    near(dZ.mean().item(), byHand.db);
    near(autoB.item(), byHand.db);
    near(graphs().J, byHand.J);
    near(graphs().db, byHand.db);
  });

  test("is one sigmoid neuron: a dense layer learns the same weights as gradient descent by hand", () => {
    const model = sequential([
      dense(1, { activation: "sigmoid", inputShape: [2], kernelInitializer: "zeros" }),
    ]);
    const [kernel, bias] = [...model.parameters()] as [Tensor, Tensor];
    let [u, c] = [tensor([[0], [0]]), tensor(0)];
    const inputs = X.transpose().cast("float32");
    const labels = y.cast("float32").reshape([m, 1]);
    const optimizer = sgd([kernel, bias], { learningRate: 0.5 });
    const costs = Array.from({ length: 25 }, () => {
      const dz = inputs.matmul(u).add(c).sigmoid().sub(labels);
      u = u.sub(inputs.transpose().matmul(dz).div(m).mul(0.5));
      c = c.sub(dz.mean().mul(0.5));
      return optimizer.minimize(() => binaryCrossentropy(labels, model(inputs)), [kernel, bias]);
    });
    expect(costs[0]).toBeCloseTo(Math.LN2, 6);
    for (let i = 1; i < costs.length; i++) expect(costs[i]).toBeLessThan(costs[i - 1]!);
    expect(kernel.sub(u).abs().max().item()).toBeLessThan(1e-6);
    expect(bias.sub(c).abs().max().item()).toBeLessThan(1e-6);
  });

  test("frame by frame: each step of a graph of numbers moves the weights and lowers the cost", () => {
    let [slope, offset] = [0, 0];
    const frames = Array.from({ length: 8 }, () => {
      let cost = scalar(0);
      const [s, o] = [scalar(slope, "w"), scalar(offset, "b")];
      for (const [x, label] of [
        [-2, 0],
        [-0.5, 0],
        [0.4, 1],
        [1.5, 1],
      ] as const) {
        const a = s.mul(x).add(o).sigmoid();
        cost = cost.add((label === 1 ? a : a.neg().add(1)).log().neg().div(4));
      }
      cost.named("J").backward();
      slope -= s.gradient;
      offset -= o.gradient;
      expect(cost).toBeInstanceOf(Scalar);
      expect(
        cost
          .backwardSteps()
          .filter(({ node }) => node === "w")
          .at(-1)!.gradient,
      ).toBeCloseTo(s.gradient, 14);
      return cost.value;
    });
    expect(frames[0]).toBeCloseTo(Math.LN2, 12);
    for (let i = 1; i < frames.length; i++) expect(frames[i]).toBeLessThan(frames[i - 1]!);
  });
});

describe("chain rules", () => {
  const x = tensor([0.5, -1, 2], float64);
  const W = tensor(
    [
      [1, -2, 0.5],
      [0.25, 1, -1],
    ],
    float64,
  );
  const hidden = (v: Tensor) => W.matmul(v).tanh();
  const output = (z: Tensor) =>
    z
      .square()
      .sum()
      .add(z.at(0).mul(z.at(1)));

  test("∇ₓ = (∂z/∂x)ᵀ ∇_z: a row of two times a matrix of 2 × 3 is a row of three", () => {
    const J = jacobian(hidden)(x);
    const row = grad(output)(hidden(x));
    expect([row.shape, J.shape]).toEqual([[2], [2, 3]]);
    const whole = grad((v: Tensor) => output(hidden(v)))(x);
    expect(rounded(row.matmul(J))).toEqual(rounded(whole));
    expect(rounded(J.transpose().matmul(row))).toEqual(rounded(whole));
    expect(rounded(vjp(hidden, x, row)[1])).toEqual(rounded(whole));
    // The Jacobian of tanh(Wx) is diag(1 − z²) · W.
    expect(rounded(J)).toEqual(rounded(hidden(x).square().neg().add(1).reshape([2, 1]).mul(W)));
  });

  test("vjp gives rows of the Jacobian, jvp columns, for any function between vectors", () => {
    const g = (v: Tensor) => v.at("1:").mul(v.at(":-1")).exp().add(v.sum());
    const J = jacobian(g)(x);
    expect(J.shape).toEqual([2, 3]);
    const unit = (n: number, i: number) =>
      tensor(
        Array.from({ length: n }, (_, k) => Number(k === i)),
        float64,
      );
    for (let i = 0; i < 2; i++) expect(rounded(vjp(g, x, unit(2, i))[1])).toEqual(rounded(J.at(i)));
    for (let j = 0; j < 3; j++) expect(rounded(jvp(g, x, unit(3, j))[1])).toEqual(rounded(J.at(":", j)));
    const h = 1e-6;
    for (let j = 0; j < 3; j++) {
      const slope = g(x.add(unit(3, j).mul(h)))
        .sub(g(x.sub(unit(3, j).mul(h))))
        .div(2 * h);
      expect(slope.sub(J.at(":", j)).abs().max().item()).toBeLessThan(1e-8);
    }
  });
});

test("derivatives of any order: sin x · eˣ + log x, four times", () => {
  const f = (x: Tensor) => x.sin().mul(x.exp()).add(x.log());
  let derivative = f;
  const at = 1.25;
  const [s, c, e] = [Math.sin(at), Math.cos(at), Math.exp(at)];
  const expected = [
    s * e + Math.log(at),
    (s + c) * e + 1 / at,
    2 * c * e - 1 / at ** 2,
    2 * (c - s) * e + 2 / at ** 3,
    -4 * s * e - 6 / at ** 4,
  ];
  for (const wanted of expected) {
    // A few roundings of double precision.
    expect(Math.abs(derivative(tensor(at, float64)).item() - wanted)).toBeLessThan(1e-13 * Math.abs(wanted));
    derivative = grad(derivative);
  }
});

test("the forward and backward algorithms of a network with weight decay are autodiff's numbers", () => {
  seed(4);
  const [x, y, lambda] = [random.normal([3], float64), random.normal([2], float64), 0.1];
  const sizes = [3, 5, 4, 2];
  const layers = sizes.slice(1).map((out, k) => ({
    W: variable(random.normal([out, sizes[k]!], float64)),
    b: variable(random.normal([out], float64)),
  }));
  // Forward: a = b + W h, h = f(a), J = L(ŷ, y) + λ Ω.
  const states = [x];
  const sums: Tensor[] = [];
  for (const { W, b } of layers) {
    sums.push(W.detach().matmul(states.at(-1)!).add(b.detach()));
    states.push(sums.at(-1)!.tanh());
  }
  const loss = (prediction: Tensor) => prediction.sub(y).square().sum().div(2);
  const penalty = layers
    .map(({ W }) => W.square().sum())
    .reduce((a, b) => a.add(b))
    .mul(lambda / 2);
  const prediction = layers.reduce((h, { W, b }) => W.matmul(h).add(b).tanh(), x);
  expect(rounded(prediction)).toEqual(rounded(states.at(-1)!));
  const found = gradients(
    loss(prediction).add(penalty),
    layers.flatMap(({ W, b }) => [W, b]),
  );
  // Backward: g ⊙ f′(a), then the gradients of b and W, then Wᵀ g.
  let g = prediction.detach().sub(y);
  for (let k = layers.length - 1; k >= 0; k--) {
    g = g.mul(sums[k]!.tanh().square().neg().add(1));
    const W = layers[k]!.W.detach();
    expect(rounded(found[2 * k]!)).toEqual(rounded(outer(g, states[k]!).add(W.mul(lambda))));
    expect(rounded(found[2 * k + 1]!)).toEqual(rounded(g));
    g = W.transpose().matmul(g);
  }
});
