// The course's computational graphs: values and gradients as printed there, step by step, as text and as pictures.
import { describe, expect, test } from "vitest";
import { type Scalar, scalar } from "../../../lib/index.ts";

type Bundle = Record<string, unknown>;
const shown = (value: object) =>
  (value as { [key: symbol]: () => Promise<Bundle> })[Symbol.for("Jupyter.display")]!();

/** f(x, y, z) = 5·(x·y + c·z) */
function example(x: number, y: number, z: number, c = 1): Record<"x" | "y" | "z" | "V" | "f", Scalar> {
  const [p, q, r] = [scalar(x, "x"), scalar(y, "y"), scalar(z, "z")];
  const V = p
    .mul(q)
    .add(c === 1 ? r : r.mul(c))
    .named("V");
  return { x: p, y: q, z: r, V, f: V.mul(5).named("f") };
}

describe("f(x, y, z) = 5(xy + z) at 2, 3, 4", () => {
  test("S2-13: the forward pass", () => {
    const { f } = example(2, 3, 4);
    expect(f.forwardSteps()).toEqual([
      { node: "x", formula: "input", numbers: "2", value: 2 },
      { node: "y", formula: "input", numbers: "3", value: 3 },
      { node: "v1", formula: "x × y", numbers: "2 × 3", value: 6 },
      { node: "z", formula: "input", numbers: "4", value: 4 },
      { node: "V", formula: "v1 + z", numbers: "6 + 4", value: 10 },
      { node: "f", formula: "V × 5", numbers: "10 × 5", value: 50 },
    ]);
    expect(String(f)).toBe(
      [
        "    computed as  value",
        "x   input            2",
        "y   input            3",
        "v1  x × y            6",
        "z   input            4",
        "V   v1 + z          10",
        "f   V × 5           50",
      ].join("\n"),
    );
  });

  test("S2-14: the backward pass", () => {
    const { x, y, z, V, f } = example(2, 3, 4);
    f.backward();
    expect([f, V, z, y, x].map((node) => node.gradient)).toEqual([1, 5, 5, 10, 15]);
    expect(f.backwardSteps()).toEqual([
      { node: "f", chain: "∂f/∂f", numbers: "1", adds: 1, gradient: 1 },
      { node: "V", chain: "∂f/∂f × ∂f/∂V", numbers: "1 × 5", adds: 5, gradient: 5 },
      { node: "v1", chain: "∂f/∂V × ∂V/∂v1", numbers: "5 × 1", adds: 5, gradient: 5 },
      { node: "z", chain: "∂f/∂V × ∂V/∂z", numbers: "5 × 1", adds: 5, gradient: 5 },
      { node: "x", chain: "∂f/∂v1 × ∂v1/∂x", numbers: "5 × 3", adds: 15, gradient: 15 },
      { node: "y", chain: "∂f/∂v1 × ∂v1/∂y", numbers: "5 × 2", adds: 10, gradient: 10 },
    ]);
    expect(String(f)).toContain("x   input            2    15\n");
    expect(String(f).split("\n")[0]).toBe("    computed as  value  ∂f/∂");
  });

  test("S2-15: a small change, as printed for 5(xy + z), and for 5(xy + 2z)", () => {
    const change = (c: number) => {
      const [before, after] = [example(2, 3, 4, c), example(2, 3, 4.01, c)];
      before.f.backward();
      const values = [before.V.value, after.V.value, before.f.value, after.f.value];
      return {
        values: values.map((value) => Number(value.toFixed(10))),
        slope: (after.f.value - before.f.value) / 0.01,
        dV: before.V.gradient,
        dz: before.z.gradient,
      };
    };
    expect(change(1)).toEqual({ values: [10, 10.01, 50, 50.05], slope: expect.closeTo(5, 9), dV: 5, dz: 5 });
    expect(change(2)).toEqual({ values: [14, 14.02, 70, 70.1], slope: expect.closeTo(10, 9), dV: 5, dz: 10 });
  });
});

describe("logistic regression", () => {
  const sigma = (v: number) => 1 / (1 + Math.exp(-v));
  function logistic(w: number, x: number, b: number, y: number) {
    const [W, B] = [scalar(w, "w"), scalar(b, "b")];
    const z = W.mul(x).add(B).named("z");
    const a = z.sigmoid().named("a");
    const loss = a
      .log()
      .mul(y)
      .add(
        a
          .neg()
          .add(1)
          .log()
          .mul(1 - y),
      )
      .neg()
      .named("L");
    loss.backward();
    return { W, B, z, a, loss };
  }

  test.each([0, 1])("S2-16: the five formulas, y = %d", (y) => {
    const { W, B, z, a, loss } = logistic(0.5, 1.5, -0.25, y);
    const p = sigma(0.5);
    expect(a.value).toBe(p);
    expect(loss.value).toBeCloseTo(-(y * Math.log(p) + (1 - y) * Math.log(1 - p)), 14);
    expect(a.gradient).toBeCloseTo(-(y - p) / (p * (1 - p)), 14);
    expect(z.gradient).toBeCloseTo(p - y, 14);
    expect(W.gradient).toBeCloseTo((p - y) * 1.5, 14);
    expect(B.gradient).toBeCloseTo(p - y, 14);
  });

  test("S2-18 to S2-20: the loop over examples gives the mean of the formulas", () => {
    const xs = [0.5, -1, 2, 1.5];
    const ys = [0, 0, 1, 1];
    let [J, dw, db] = [0, 0, 0];
    xs.forEach((x, i) => {
      const { W, B, loss } = logistic(0.3, x, 0.1, ys[i]!);
      J += loss.value / 4;
      dw += W.gradient / 4;
      db += B.gradient / 4;
    });
    const dz = xs.map((x, i) => sigma(0.3 * x + 0.1) - ys[i]!);
    expect(db).toBeCloseTo(dz.reduce((s, v) => s + v) / 4, 14);
    expect(dw).toBeCloseTo(dz.reduce((s, v, i) => s + v * xs[i]!, 0) / 4, 14);
    expect(J).toBeGreaterThan(0);
  });
});

test("S2-45: o = tanh(wx + b)", () => {
  const [w, x, b] = [scalar(2, "w"), scalar(-2.79, "x"), scalar(6, "b")];
  const o = w.mul(x).add(b).tanh().named("o");
  o.backward();
  expect(o.forwardSteps().map(({ value }) => value.toFixed(2))).toEqual([
    "2.00",
    "-2.79",
    "-5.58",
    "6.00",
    "0.42",
    "0.40",
  ]);
  expect(o.value).toBeCloseTo(0.39693043, 8);
  expect([w, b, x].map((v) => v.gradient.toFixed(8))).toEqual(["-2.35042499", "0.84244623", "1.68489246"]);
});

describe("every operation against differences", () => {
  const cases: [string, (a: Scalar, b: Scalar) => Scalar][] = [
    ["add, sub", (a, b) => a.add(b).sub(a.mul(b)).sub(3)],
    [
      "mul, div",
      (a, b) =>
        a
          .mul(b)
          .div(b.add(a.mul(a)))
          .div(2),
    ],
    ["pow", (a, b) => a.pow(b).add(a.pow(3)).add(b.pow(0))],
    ["exp, log", (a, b) => a.exp().log().mul(b.exp())],
    ["sin, cos", (a, b) => a.sin().mul(b.cos())],
    ["tanh, sigmoid", (a, b) => a.tanh().mul(b.sigmoid())],
    ["relu, neg", (a, b) => a.relu().mul(b.neg().relu().add(b))],
    ["one number used many times", (a, b) => a.mul(a).mul(a.add(b)).add(a)],
  ];
  test.each(cases)("%s", (_, fn) => {
    const [a, b] = [scalar(1.3), scalar(0.7)];
    fn(a, b).backward();
    const h = 1e-6;
    const slopeA = (fn(scalar(1.3 + h), b).value - fn(scalar(1.3 - h), b).value) / (2 * h);
    const slopeB = (fn(a, scalar(0.7 + h)).value - fn(a, scalar(0.7 - h)).value) / (2 * h);
    expect(a.gradient).toBeCloseTo(slopeA, 7);
    expect(b.gradient).toBeCloseTo(slopeB, 7);
  });
});

test("backward starts anew each time", () => {
  const x = scalar(3);
  const y = x.mul(x);
  y.backward();
  y.backward();
  expect(x.gradient).toBe(6);
});

test("names are never used twice, negative numbers stand in brackets, unnamed inputs show their value", () => {
  const y = scalar(-2, "v1").mul(scalar(-3)).sub(-1);
  expect(y.forwardSteps().map(({ node, formula, numbers }) => [node, formula, numbers])).toEqual([
    ["v1", "input", "−2"],
    ["−3", "input", "−3"],
    ["v2", "v1 × −3", "(−2) × (−3)"],
    ["v3", "v2 − (−1)", "6 − (−1)"],
  ]);
});

test("a hundred thousand operations in a row", () => {
  const x = scalar(1, "x");
  let y = x;
  for (let i = 0; i < 100_000; i++) y = y.add(1);
  y.backward();
  expect([y.value, x.gradient]).toEqual([100_001, 1]);
});

test("what it says of things that are no numbers", () => {
  expect(() => scalar([1] as unknown as number)).toThrow(/needs one number.*tensor\(…\)/);
  expect(() => scalar(1).add("2" as unknown as number)).toThrow(
    /\+: computes with scalars and plain numbers/,
  );
});

describe("in a notebook", () => {
  test("a picture with the table as text; the same bytes each time", async () => {
    const { f } = example(2, 3, 4);
    f.backward();
    const bundle = await shown(f);
    expect(bundle["text/plain"]).toBe(String(f));
    expect(String(bundle["image/png"]).startsWith("iVBOR")).toBe(true);
    expect(await shown(f)).toEqual(bundle);
  });
  test("only the table when there is too much to draw", async () => {
    let y = scalar(1);
    for (let i = 0; i < 200; i++) y = y.add(1);
    expect(Object.keys(await shown(y))).toEqual(["text/plain"]);
  });
});
