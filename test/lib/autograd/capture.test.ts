// Define-and-run: what a captured function records, what is fixed by then, and what it refuses.
import { runInThisContext } from "node:vm";
import { describe, expect, test } from "vitest";
import {
  asOperation,
  capture,
  concat,
  dense,
  functional,
  grad,
  gradients,
  hessian,
  sequential,
  sgd,
  softmax,
  softmaxCrossEntropy,
  stack,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
  zeros,
} from "../../../lib/index.ts";

describe("a captured function", () => {
  const w = variable([
    [1, 2],
    [3, 4],
  ]);
  const b = variable([0.1, 0.2]);
  const layer = (x: Tensor) => w.matmul(x.transpose()).transpose().add(b).tanh();

  test("gives what the function gives, also for other inputs and changed variables", () => {
    const captured = capture(layer);
    expect(captured.graph).toBeNull();
    for (const values of [
      [0.1, 0.2],
      [-1, 0.5],
    ]) {
      const x = tensor([values]);
      expect(captured(x).toArray()).toEqual(layer(x).toArray());
    }
    b.assign(tensor([0.3, -0.1]));
    const x = tensor([[0.4, 0.1]]);
    expect(captured(x).toArray()).toEqual(layer(x).toArray());
  });

  test("runs JavaScript once: loops are unrolled, an if has gone one way", () => {
    let runs = 0;
    const captured = capture((x: Tensor, steps: Tensor) => {
      runs++;
      let h = x;
      for (let i = 0; i < steps.shape[0]!; i++) h = h.mul(steps.at(i));
      return steps.shape[0]! > 2 ? h.neg() : h;
    });
    expect(captured(tensor(1), tensor([2, 3])).item()).toBe(6);
    expect(captured(tensor(2), tensor([5, 7])).item()).toBe(70);
    expect(runs).toBe(1);
    expect(String(captured.graph)).toBe(
      [
        "x = placeholder  []",
        "steps = placeholder  [2]",
        "v1 = at(steps, 0)  []",
        "v2 = mul(x, v1)  []",
        "v3 = at(steps, 1)  []",
        "v4 = mul(v2, v3)  []",
        "returns v4",
        "fixed: shapes, dtypes, plain numbers, which way each if went, how often each loop ran",
      ].join("\n"),
    );
  });

  test("leaves out what nothing needs, and does equal operations and constant ones once", () => {
    const constant = tensor([2, 3]);
    let squares = 0;
    const captured = capture((x: Tensor) => {
      x.exp().log();
      squares++;
      return x.mul(w.transpose()).add(x.mul(w.transpose())).mul(constant.square());
    });
    const x = tensor([1, 2]);
    const expected = x
      .mul(w.transpose())
      .mul(2)
      .mul(tensor([4, 9]))
      .toArray();
    expect(captured(x).toArray()).toEqual(expected);
    expect(captured.graph!.operations).toBe(4);
    expect(String(captured.graph)).toContain("left out, because nothing needs them: 2 operations");
    expect(String(captured.graph)).toContain("c1 = constant  [2]");
    expect(squares).toBe(1);
  });

  test("several results, parts of an operation's results, lists of tensors, casts that change nothing", () => {
    const captured = capture((x: Tensor) => {
      const halves = asOperation((v: Tensor) => [v.slice(0, 2), v.slice(2, 4)])(x.cast("float32"));
      const joined = asOperation(concat)([halves[1]!, halves[0]!]);
      return [joined, x, b];
    });
    const [joined, x, same] = captured(tensor([1, 2, 3, 4])) as readonly Tensor[];
    expect(joined!.toArray()).toEqual([3, 4, 1, 2]);
    expect(x!.toArray()).toEqual([1, 2, 3, 4]);
    expect(same).toBe(b);
    expect(String(captured.graph)).toContain("= concat([v");
  });

  test("iterates over the rows of a placeholder", () => {
    const captured = capture((x: Tensor) => {
      let sum = zeros([2]);
      for (const row of x) sum = row.mul(row).add(sum);
      return sum;
    });
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(captured(x).toArray()).toEqual([10, 20]);
    expect(captured(x.mul(2)).toArray()).toEqual([40, 80]);
  });

  test("within another one becomes part of its graph, built before or not", () => {
    const inner = capture((x: Tensor) => x.square().add(1));
    const first = capture((x: Tensor) => inner(x).mul(3));
    expect(first(tensor(2)).item()).toBe(15);
    inner(tensor(5));
    const second = capture((x: Tensor) => inner(x).mul(4));
    expect(second(tensor(2)).item()).toBe(20);
    expect([first.graph!.operations, second.graph!.operations]).toEqual([3, 3]);
  });
});

describe("gradients through a captured function", () => {
  const fn = (x: Tensor) => x.pow(3).mul(2).sum();
  test("grad, valueAndGrad and hessian", () => {
    const captured = capture(fn);
    const x = tensor([1, 2]);
    expect(grad(captured)(x).toArray()).toEqual([6, 24]);
    expect(valueAndGrad(captured)(x).map(String)).toEqual(valueAndGrad(fn)(x).map(String));
    expect(hessian(captured)(x).toArray()).toEqual([
      [12, 0],
      [0, 24],
    ]);
  });

  test("trains a model step by step like the function itself", () => {
    const model = sequential([dense(4, { activation: "tanh" }), dense(2)]);
    const [x, y] = [
      tensor([
        [0.1, 0.9],
        [0.8, 0.3],
      ]),
      tensor([0, 1]),
    ];
    model.call(x);
    const parameters = [...model.parameters()];
    const forward = asOperation((inputs: Tensor) => model.call(inputs));
    const crossEntropy = asOperation(softmaxCrossEntropy);
    const cost = capture((inputs: Tensor, labels: Tensor) => crossEntropy(forward(inputs), labels));
    const optimizer = sgd(parameters, { learningRate: 0.5 });
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const plain = gradients(softmaxCrossEntropy(model.call(x), y), parameters);
      optimizer.zeroGrad();
      const loss = cost(x, y);
      loss.backward();
      losses.push(loss.item());
      parameters.forEach((p, i) => {
        expect(p.grad!.toArray()).toEqual(plain[i]!.toArray());
      });
      optimizer.step();
    }
    expect(losses[4]).toBeLessThan(losses[0]!);
    expect(cost.graph!.operations).toBe(2);
  });
});

describe("what it refuses", () => {
  const first = (fn: (x: Tensor) => Tensor) => () => capture(fn)(tensor([1, 2]));
  test("to depend on numbers", () => {
    expect(first((x) => (x.sum().item() > 0 ? x : x.neg()))).toThrow(
      /\.item\(\) needs the numbers of a placeholder/,
    );
    expect(first((x) => tensor(x.toArray()))).toThrow(/\.toArray\(\) needs/);
    expect(first((x) => x.assign(0))).toThrow(/\.assign\(\) needs/);
  });
  test("functions of the library, by name, with what to write instead", () => {
    expect(first((x) => softmax(x))).toThrow(
      /capture: softmax\(…\) was called.*x\.softmax\(…\).*asOperation\(softmax\)/,
    );
    expect(first((x) => stack([x, x]))).toThrow(
      /stack\(…\) was called.*recorded; make.*asOperation\(stack\)/,
    );
    expect(first((x) => functional.layerNorm(x))).toThrow(/capture: layerNorm\(…\) was called/);
  });
  test("derivatives, unless they are one operation", () => {
    const slope = grad((x: Tensor) => x.square().sum());
    expect(first(slope)).toThrow(/was called with a placeholder.*asOperation/);
    expect(first((x) => asOperation(slope)(x).mul(2))().toArray()).toEqual([4, 8]);
  });
  test("tensors computed from variables outside", () => {
    const outside = variable([1, 2]).exp();
    expect(first((x) => x.mul(outside))).toThrow(
      /mul gets a tensor that was computed from a variable by exp outside/,
    );
  });
  test("other shapes and dtypes, and other things than tensors", () => {
    const captured = capture((first: Tensor, second: Tensor) => first.add(second));
    captured(zeros([2, 3]), zeros([3]));
    expect(() => captured(zeros([4, 3]), zeros([3]))).toThrow(/built for first \[2, 3\], got \[4, 3\]/);
    expect(() => captured(zeros([2, 3]), zeros([3], { dtype: "float64" }))).toThrow(
      /second \[3\], got \[3\] float64/,
    );
    expect(() => (captured as unknown as (x: Tensor) => Tensor)(zeros([2, 3]))).toThrow(
      /takes 2 tensors \(first, second\), got 1/,
    );
    expect(() => capture((x: Tensor) => x)(5 as unknown as Tensor)).toThrow(/inputs must be tensors/);
    expect(first(() => 5 as unknown as Tensor)).toThrow(/must return a tensor or a list of tensors/);
    expect(first((async (x: Tensor) => x) as unknown as (x: Tensor) => Tensor)).toThrow(/must not be async/);
  });
  test("after an error or an interrupt tensors are as before, and placeholders that got out say what they are", async () => {
    const mul = zeros([1]).mul;
    let escaped: Tensor | null = null;
    const leak = capture((x: Tensor) => {
      escaped = x;
      return x.mul(2);
    });
    leak(tensor([1, 2]));
    expect(zeros([1]).mul).toBe(mul);
    expect(String(escaped)).toBe("placeholder [2], float32");
    expect(() => escaped!.mul(2)).toThrow(/it never has numbers/);
    expect(first(() => JSON.parse("no"))).toThrow(SyntaxError);
    expect(zeros([1]).mul).toBe(mul);
    const holder = globalThis as unknown as { captured?: () => void };
    holder.captured = () =>
      capture((x: Tensor) => {
        for (let i = 0; i >= 0; i = (i + 1) % 1000);
        return x;
      })(tensor(1));
    expect(() => runInThisContext("captured()", { timeout: 50 })).toThrow(/timed out/);
    delete holder.captured;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(zeros([1]).mul).toBe(mul);
    expect(capture((x: Tensor) => x.mul(3))(tensor(2)).item()).toBe(6);
  });
});

test("draws itself", async () => {
  const w = variable([1, 2]);
  const captured = capture((x: Tensor) => x.mul(w).sum());
  captured(tensor([1, 2]));
  const shown = captured.graph as unknown as { [key: symbol]: () => Promise<Record<string, unknown>> };
  const bundle = await shown[Symbol.for("Jupyter.display")]!();
  expect(Object.keys(bundle)).toEqual(["image/png", "text/plain"]);
  expect(bundle["text/plain"]).toBe(String(captured.graph));
});
