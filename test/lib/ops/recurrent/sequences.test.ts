// Recurrent layers against PyTorch and Keras's semantics, their kernels against plain steps, masks, states, second derivatives.
//
// Tolerances: the references are float64. In float32 the kernels' tanh is exact to 4·10⁻⁷, sums of some hundred products
// and some tens of steps lose about a digit: 1e-5 of the largest number (at least 1). In float64 the fixtures have 13 digits.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  gradients,
  noGrad,
  random,
  seed,
  type Tensor,
  tensor,
  variable,
  where,
} from "../../../../lib/index.ts";
import { gru, gruGates } from "../../../../lib/ops/recurrent/gru.ts";
import { lstm, lstmGates } from "../../../../lib/ops/recurrent/lstm.ts";
import { simpleRnn } from "../../../../lib/ops/recurrent/simpleRnn.ts";
import { ones, zeros } from "../../../../lib/tensor/create.ts";

interface Numbers {
  shape: number[];
  data: number[];
}
type Cell = "lstm" | "gru" | "simpleRnn";
interface Case {
  cell: Cell;
  sizes: number[];
  options: Record<string, unknown>;
  inputs: Record<string, Numbers>;
  mask: number[][] | null;
  results: Record<string, Numbers>;
  gradients: Record<string, Numbers>;
}

const cases: Case[] = JSON.parse(
  readFileSync(new URL("../../../fixtures/recurrent/sequences.json", import.meta.url), "utf8"),
);
const TOLERANCE = { float32: 1e-5, float64: 1e-11 };
type Floating = keyof typeof TOLERANCE;

function expectClose(actual: Tensor, expected: Numbers, tolerance: number): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.data();
  const scale = expected.data.reduce((largest, v) => Math.max(largest, Math.abs(v)), 1);
  const wrong = expected.data.flatMap((wanted, i) =>
    Math.abs(values[i]! - wanted) <= tolerance * scale ? [] : [`${i}: ${values[i]} instead of ${wanted}`],
  );
  expect(wrong).toEqual([]);
}

function leaf({ shape, data }: Numbers, dtype: Floating): Tensor {
  const result = tensor(Float64Array.from(data), { shape, dtype });
  result.requiresGrad = true;
  return result;
}

type Inputs = Record<string, Tensor>;

/** Outputs and last states of a cell by name, from inputs by name. */
function run(
  cell: Cell,
  inputs: Inputs,
  options: Record<string, unknown>,
  mask: Tensor | null = null,
): Inputs {
  const { x, kernel, recurrentKernel, bias, h, c } = inputs as Record<string, Tensor> & { h?: Tensor };
  const weights = { kernel: kernel!, recurrentKernel: recurrentKernel!, bias };
  const all = { ...options, mask };
  if (cell === "lstm") return { ...lstm(x!, weights, h ? { ...all, initialState: [h, c!] } : all) };
  if (cell === "gru") return { ...gru(x!, weights, h ? { ...all, initialState: h } : all) };
  return { ...simpleRnn(x!, weights, h ? { ...all, initialState: h } : all) };
}

function lossOf(results: Inputs): Tensor {
  return Object.values(results)
    .map((result, k) => {
      const weights = Float64Array.from({ length: result.size }, (_, i) => 1 + 0.5 * Math.sin(i + k + 1));
      return result.mul(tensor(weights, { shape: result.shape, dtype: result.dtype as Floating })).sum();
    })
    .reduce((a, b) => a.add(b));
}

describe.each(cases)(
  "$cell $sizes $options",
  ({ cell, options, inputs, mask, results, gradients: slopes }) => {
    test.each(["float32", "float64"] as const)("goes PyTorch's way in %s", (dtype) => {
      const leaves = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, leaf(x, dtype)]));
      const found = run(cell, leaves, options, mask && tensor(mask, { dtype: "bool" }));
      for (const [name, expected] of Object.entries(results)) {
        expect(found[name]!.dtype).toBe(dtype);
        expectClose(found[name]!, expected, TOLERANCE[dtype]);
      }
      lossOf(found).backward();
      for (const [name, expected] of Object.entries(slopes)) {
        expectClose(leaves[name]!.grad!, expected, TOLERANCE[dtype]);
      }
    });
  },
);

/** Random inputs in float64 of sizes [batch, time, features, units]. */
function randomInputs(cell: Cell, [batch, time, features, units]: number[], state = true): Inputs {
  seed(7);
  const columns = units! * { lstm: 4, gru: 3, simpleRnn: 1 }[cell];
  const draw = (shape: number[], limit: number) => random.uniform(shape, { low: -limit, high: limit });
  const limit = 1 / Math.sqrt(units!);
  return {
    x: draw([batch!, time!, features!], 1),
    kernel: draw([features!, columns], limit),
    recurrentKernel: draw([units!, columns], limit),
    bias: draw(cell === "gru" ? [2, columns] : [columns], limit),
    ...(state ? { h: draw([batch!, units!], 1) } : {}),
    ...(state && cell === "lstm" ? { c: draw([batch!, units!], 1) } : {}),
  };
}

function inDtype(inputs: Inputs, dtype: Floating): Inputs {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, x]) => [
      name,
      leaf({ shape: [...x.shape], data: [...x.data()] }, dtype),
    ]),
  );
}

describe.each(["lstm", "gru", "simpleRnn"] as const)("%s", (cell) => {
  // Several blocks of units and groups of rows, a last group that is short, more features than a panel holds, 13 steps.
  const sizes = [
    [32, 20, 1, 64],
    [33, 13, 20, 48],
    [5, 3, 300, 40],
    [7, 14, 16, 100],
  ];
  test.each(sizes)("kernels as plain steps in float64: %d × %d × %d, %d units", (...size) => {
    const inputs = randomInputs(cell, size);
    const mask = tensor(
      Array.from({ length: size[0]! }, (_, i) =>
        Array.from({ length: size[1]! }, (__, t) => t < 2 || (i + t) % 3 > 0),
      ),
    );
    const [single, double] = (["float32", "float64"] as const).map((dtype) => {
      const leaves = inDtype(inputs, dtype);
      const found = run(cell, leaves, {}, mask);
      lossOf(found).backward();
      return { found, leaves };
    });
    for (const [name, expected] of Object.entries(double!.found)) {
      expectClose(single!.found[name]!, { shape: [...expected.shape], data: [...expected.data()] }, 1e-5);
    }
    for (const [name, { grad }] of Object.entries(double!.leaves)) {
      expectClose(single!.leaves[name]!.grad!, { shape: [...grad!.shape], data: [...grad!.data()] }, 1e-5);
    }
  });

  test("gradients and their gradients as differences", () => {
    const inputs = randomInputs(cell, [2, 3, 2, 3]);
    const names = Object.keys(inputs);
    const wrap = (...tensors: Tensor[]) =>
      lossOf(run(cell, Object.fromEntries(names.map((n, i) => [n, tensors[i]!])), {}));
    const leaves = Object.values(inDtype(inputs, "float64"));
    expect(checkGradients(wrap, leaves).ok).toBe(true);
    const slope = (...tensors: Tensor[]) => {
      const found = gradients(wrap(...tensors), tensors, { createGraph: true });
      return found.map((g) => g.square().sum()).reduce((a, b) => a.add(b));
    };
    expect(checkGradients(slope, leaves).ok).toBe(true);
    // The kernels hand over to plain steps for this: in float32 the same numbers.
    const [single, double] = (["float32", "float64"] as const).map((dtype) => {
      const tensors = Object.values(inDtype(inputs, dtype));
      return gradients(slope(...tensors), tensors);
    });
    single!.forEach((g, i) => {
      expectClose(g, { shape: [...g.shape], data: [...double![i]!.data()] }, 1e-4);
    });
  });

  test("second derivatives where both states and layers before and behind take part", () => {
    const inputs = randomInputs(cell, [2, 3, 4, 4]);
    const wrap = (dtype: Floating) => {
      const leaves = inDtype(inputs, dtype);
      const first = run(cell, leaves, {});
      const second = run(cell, { ...leaves, x: first.outputs!, h: first.h! }, {});
      const loss = lossOf(second).add(first.h!.square().sum());
      const dx = gradients(loss, [leaves.x!], { createGraph: true })[0]!;
      dx.square().sum().backward();
      return leaves;
    };
    const [single, double] = [wrap("float32"), wrap("float64")];
    for (const [name, { grad }] of Object.entries(double)) {
      expectClose(single[name]!.grad!, { shape: [...grad!.shape], data: [...grad!.data()] }, 1e-4);
    }
  });

  test("a graph gone through again gives the same", () => {
    const leaves = inDtype(randomInputs(cell, [9, 4, 3, 20]), "float32");
    const loss = lossOf(run(cell, leaves, {}));
    loss.backward(undefined, { retainGraph: true });
    const first = leaves.kernel!.grad!.data();
    leaves.kernel!.grad = null;
    loss.backward();
    expect(leaves.kernel!.grad!.data()).toEqual(first);
  });

  test("only some results and only some gradients", () => {
    const inputs = randomInputs(cell, [4, 3, 2, 5]);
    const [single, double] = (["float32", "float64"] as const).map((dtype) => {
      const leaves = inDtype(inputs, dtype);
      const { h } = run(cell, leaves, {});
      return gradients(h!.square().sum(), [leaves.recurrentKernel!, leaves.h!]);
    });
    single!.forEach((g, i) => {
      expectClose(g, { shape: [...g.shape], data: [...double![i]!.data()] }, 1e-5);
    });
  });

  test("without recording the same bits, also over many blocks of steps", () => {
    const leaves = inDtype(randomInputs(cell, [18, 30, 3, 20]), "float32");
    const mask = tensor(
      Array.from({ length: 18 }, (_, i) => Array.from({ length: 30 }, (__, t) => t < i + 2)),
    );
    const recorded = run(cell, leaves, {}, mask);
    const plain = noGrad(() => run(cell, leaves, {}, mask));
    for (const [name, expected] of Object.entries(recorded))
      expect(plain[name]!.data()).toEqual(expected.data());
  });

  test("sequences cut short by a mask end in the state of the shorter sequence", () => {
    const leaves = inDtype(randomInputs(cell, [3, 5, 2, 4], false), "float32");
    const mask = tensor([1, 2, 5].map((length) => Array.from({ length: 5 }, (_, t) => t < length)));
    const { h, outputs } = run(cell, leaves, {}, mask);
    [1, 2, 5].forEach((length, i) => {
      const alone = run(cell, { ...leaves, x: leaves.x!.at(`${i}:${i + 1}`, `:${length}`) }, {});
      expectClose(h!.at(i), { shape: [4], data: [...alone.h!.data()] }, 1e-6);
      expectClose(outputs!.at(i, -1), { shape: [4], data: [...alone.h!.data()] }, 1e-6);
    });
  });

  test.each(["float32", "float64"] as const)("what pads a sequence reaches no gradient, %s", (dtype) => {
    const inputs = inDtype(randomInputs(cell, [3, 4, 2, 5]), dtype);
    const mask = tensor([
      [true, true, false, false],
      [true, false, true, true],
      [false, false, false, false],
    ]);
    const slopes = (padding: number) => {
      const x = variable(where(mask.expandDims(2), inputs.x!.detach(), padding), { dtype });
      const leaves = { ...inputs, x };
      return gradients(lossOf(run(cell, leaves, {}, mask)), Object.values(leaves)).map((g) => g.data());
    };
    expect(slopes(Number.NaN)).toEqual(slopes(0));
  });

  test.each(["float32", "float64"] as const)("empty batches and empty sequences, %s", (dtype) => {
    const inputs = inDtype(randomInputs(cell, [2, 3, 2, 4], false), dtype);
    const noRows = run(cell, { ...inputs, x: inputs.x!.at("0:0") }, {});
    expect([noRows.outputs!.shape, noRows.h!.shape]).toEqual([
      [0, 3, 4],
      [0, 4],
    ]);
    const noSteps = run(cell, { ...inputs, x: inputs.x!.at(":", "0:0") }, {});
    expect(noSteps.outputs!.shape).toEqual([2, 0, 4]);
    expect(noSteps.h!.toArray()).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
  });

  test("NaN stays in its row", () => {
    const inputs = inDtype(randomInputs(cell, [8, 3, 2, 4], false), "float32");
    inputs.x!.view()[3 * 3 * 2] = Number.NaN;
    const { h } = run(cell, inputs, {});
    const rows = h!.toArray<number[][]>();
    expect(rows.map((row) => row.every(Number.isNaN))).toEqual(rows.map((_, i) => i === 3));
  });
});

describe("gates", () => {
  test("of an empty sequence are empty", () => {
    const x = zeros([2, 0, 1]);
    const weights = (columns: number) => ({
      kernel: ones([1, columns]),
      recurrentKernel: ones([1, columns]),
    });
    expect(lstmGates(x, weights(4)).cell.shape).toEqual([2, 0, 1]);
    expect(gruGates(x, weights(3)).reset.shape).toEqual([2, 0, 1]);
  });

  test("of LSTM make its outputs", () => {
    const { x, kernel, recurrentKernel, bias } = randomInputs("lstm", [2, 4, 3, 5]) as Inputs;
    const weights = { kernel: kernel!, recurrentKernel: recurrentKernel!, bias };
    const { input, forget, candidate, output, cell } = lstmGates(x!, weights);
    const { outputs, c } = lstm(x!, weights);
    const numbers = (t: Tensor) => ({ shape: [...t.shape], data: [...t.data()] });
    expectClose(output.mul(cell.tanh()), numbers(outputs), 1e-6);
    expectClose(cell.at(":", -1), numbers(c), 1e-6);
    const later = forget.at(":", "1:").mul(cell.at(":", ":-1"));
    expectClose(
      later.add(input.at(":", "1:").mul(candidate.at(":", "1:"))),
      numbers(cell.at(":", "1:")),
      1e-6,
    );
  });

  test("of GRU make its states", () => {
    const { x, kernel, recurrentKernel, bias } = randomInputs("gru", [2, 4, 3, 5]) as Inputs;
    const weights = { kernel: kernel!, recurrentKernel: recurrentKernel!, bias };
    const { update, candidate, state } = gruGates(x!, weights);
    const { outputs } = gru(x!, weights);
    const mixed = update.at(":", "1:").mul(state.at(":", ":-1"));
    const found = mixed.add(update.at(":", "1:").neg().add(1).mul(candidate.at(":", "1:")));
    expectClose(found, { shape: [2, 3, 5], data: [...outputs.at(":", "1:").data()] }, 1e-6);
  });
});

describe("mistakes", () => {
  const { x, kernel, recurrentKernel, bias } = randomInputs("lstm", [2, 3, 2, 4]) as Record<string, Tensor>;
  const weights = { kernel: kernel!, recurrentKernel: recurrentKernel!, bias };
  test("are told with shapes", () => {
    expect(() => lstm(x!.at(0), weights)).toThrow(
      "lstm: x must be [batch, time, features], got [3, 2]; for one feature",
    );
    expect(() => lstm(x!, { ...weights, kernel: recurrentKernel! })).toThrow(
      "lstm: kernel [4, 16] must be [2, 16] — [features, 4 · units] for x [2, 3, 2]",
    );
    expect(() => lstm(x!, { ...weights, bias: bias!.at(":8") })).toThrow(
      "lstm: bias [8] must be [16] — [4 · units]",
    );
    expect(() => gru(x!, weights)).toThrow(
      "gru: recurrentKernel [4, 16] must be [4, 12] — [units, 3 · units]",
    );
    expect(() => lstm(x!, weights, { mask: tensor([1, 1, 0]) })).toThrow("lstm: mask [3] must be [2, 3]");
    expect(() => lstm(x!, weights, { initialState: [x!, x!] })).toThrow(
      "the initial state [2, 3, 2] must be [2, 4]",
    );
    expect(() => gru(x!, weights, { update: "forget" as "keep" })).toThrow('update is "keep" or "replace"');
  });
});
