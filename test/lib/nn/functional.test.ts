// Functional models: branches, several inputs and outputs, shared layers, models in models, names, and what is refused.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  add,
  average,
  avgPool2d,
  concatenate,
  conv2d,
  dense,
  flatten,
  input,
  maximum,
  maxPool2d,
  minimum,
  model,
  multiply,
  ones,
  random,
  relu,
  type SymbolicTensor,
  seed,
  sequential,
  subtract,
  tensor,
  zeros,
} from "../../../lib/index.ts";
import { bytesResident } from "../../../lib/tensor/blocks.ts";

const same = { padding: "same", activation: "relu" } as const;

function inception(x: SymbolicTensor, reduced: boolean): SymbolicTensor {
  const pool = maxPool2d(3, { strides: 1, padding: "same" })(x);
  return concatenate([
    conv2d(64, 1, same)(x),
    conv2d(128, 3, same)(reduced ? conv2d(96, 1, same)(x) : x),
    conv2d(32, 5, same)(reduced ? conv2d(16, 1, same)(x) : x),
    reduced ? conv2d(32, 1, same)(pool) : pool,
  ]);
}

describe("the inception module", () => {
  test("naive: channels add up", () => {
    const before = bytesResident();
    const image = input([28, 28, 192]);
    const net = model(image, inception(image, false));
    expect(net.outputShape([28, 28, 192])).toEqual([28, 28, 416]);
    expect(net.parameterCount).toBe(387_296);
    expect(net.summary().totalParameters).toBe(387_296);
    expect(bytesResident()).toBe(before);
  });

  test("with 1×1 reductions", () => {
    const image = input([28, 28, 192]);
    const net = model(image, inception(image, true));
    expect(net.outputShape([28, 28, 192])).toEqual([28, 28, 256]);
    expect(net.parameterCount).toBe(163_696);
    expect(net(zeros([1, 28, 28, 192])).shape).toEqual([1, 28, 28, 256]);
  });

  test("as a graph of nodes", () => {
    const image = input([28, 28, 192]);
    const { nodes } = model(image, inception(image, false));
    expect(nodes.map(({ name, from, outputShape }) => [name, from, outputShape])).toEqual([
      ["input_1", [], [28, 28, 192]],
      ["maxPool2d_1", [0], [28, 28, 192]],
      ["conv2d_1", [0], [28, 28, 64]],
      ["conv2d_2", [0], [28, 28, 128]],
      ["conv2d_3", [0], [28, 28, 32]],
      ["concatenate_1", [2, 3, 4, 1], [28, 28, 416]],
    ]);
  });

  test("has a table that says what is connected to what", () => {
    const image = input([28, 28, 192], { name: "previous" });
    const summary = model(image, inception(image, false), { name: "inception" }).summary();
    const lines = summary.toString().split("\n");
    expect(lines[0]).toBe('Model: "inception"');
    expect(lines[2]).toMatch(/Layer \(type\) +Output shape +Param # {2}Connected to$/);
    expect(lines[4]).toBe("previous (input)             [batch, 28, 28, 192]        0");
    expect(lines[9]).toBe(
      "concatenate_1 (concatenate)  [batch, 28, 28, 416]        0  conv2d_1, conv2d_2, conv2d_3, maxPool2d_1",
    );
    const shown = (summary as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(shown["text/html"]).toContain("Connected to</th>");
    expect(shown["text/html"]).toContain("conv2d_1, conv2d_2, conv2d_3, maxPool2d_1</td>");
  });
});

describe("what a functional model computes", () => {
  test("is what its layers compute", () => {
    seed(1);
    const x = input([4]);
    const [first, second] = [dense(3, { activation: "relu" }), dense(3)];
    const hidden = first(x);
    const net = model(x, add([second(hidden), hidden]));
    const values = random.normal([5, 4]);
    const h = first(values);
    expect(net(values).toArray()).toEqual(second(h).add(h).toArray());
    expect(net.predict(values, { batchSize: 2 }).toArray()).toEqual(net(values).toArray());
  });

  test("merging layers work on numbers as on symbols", () => {
    const [a, b] = [tensor([[1, 2]]), tensor([[3, 5]])];
    const [s, t] = [input([2]), input([2])];
    for (const merge of [add, multiply, subtract, average, concatenate]) {
      expect(model([s, t], merge([s, t]))([a, b]).toArray()).toEqual(merge([a, b]).toArray());
    }
    expect(add([a, b, a]).toArray()).toEqual([[5, 9]]);
    expect(average([a, b, b]).toArray()[0 as never]).toEqual([7 / 3, 4].map(Math.fround));
    expect(concatenate([ones([2, 3, 1]), zeros([2, 4, 1])], { axis: 1 }).shape).toEqual([2, 7, 1]);
    expect(add(a, 1).toArray()).toEqual([[2, 3]]);
  });

  test("larger and smaller of lists and pairs; axes of size 1 are stretched", () => {
    const [a, b] = [tensor([[1, 5]]), tensor([[3, 2]])];
    expect([maximum([a, b]).toArray(), minimum([a, b]).toArray()]).toEqual([[[3, 5]], [[1, 2]]]);
    expect([maximum(a, 3).toArray(), minimum(a, b).toArray()]).toEqual([[[3, 5]], [[1, 2]]]);
    const [image, weights] = [input([4, 4, 8]), input([1, 1, 8])];
    const scaled = multiply([image, weights], { name: "attention" });
    expect(scaled.shape).toEqual([4, 4, 8]);
    expect(model([image, weights], scaled)([ones([2, 4, 4, 8]), zeros([2, 1, 1, 8])]).shape).toEqual([
      2, 4, 4, 8,
    ]);
    expect(scaled.call.layer.name).toBe("attention");
  });

  test("shared layers have one set of weights", () => {
    const [left, right] = [input([3]), input([3])];
    const shared = dense(4);
    const net = model([left, right], concatenate([shared(left), shared(right)]));
    expect(net.parameterCount).toBe(16);
    expect(net.weights).toHaveLength(2);
    const row = net([ones([1, 3]), ones([1, 3])]).data();
    expect(row.slice(0, 4)).toEqual(row.slice(4));
    expect(net.summary().rows.map(({ name, connectedTo }) => [name, connectedTo])).toEqual([
      ["input_1", []],
      ["input_2", []],
      ["dense_1", ["input_1", "input_2"]],
      ["concatenate_1", ["dense_1", "dense_1"]],
    ]);
  });

  test("models to a tensor between share the layers", () => {
    const image = input([6]);
    const code = dense(2)(image);
    const restored = dense(6)(code);
    const autoencoder = model(image, restored);
    const encoder = model(image, code);
    const decoder = model(code, restored);
    const x = random.normal([3, 6]);
    expect(decoder(encoder(x)).toArray()).toEqual(autoencoder(x).toArray());
    expect(encoder.weights[0]).toBe(autoencoder.weights[0]);
    expect(decoder.summary().rows.map(({ name, outputShape }) => [name, outputShape])).toEqual([
      ["input_1", [2]],
      ["dense_2", [6]],
    ]);
  });

  test("models are layers, also with several inputs and outputs", () => {
    const [a, b] = [input([3]), input([3])];
    const inner = model([a, b], [add([a, b]), subtract([a, b])], { name: "both" });
    const [x, y] = [input([3]), input([3])];
    const [sum, difference] = inner([x, y]);
    const outer = model([x, y], multiply([sum, difference]));
    expect(outer([tensor([[3, 4, 5]]), tensor([[1, 1, 2]])]).toArray()).toEqual([[8, 15, 21]]);
    const chain = model(x, sequential([dense(4), dense(2)])(x));
    expect(chain(zeros([1, 3])).shape).toEqual([1, 2]);
    expect(chain.parameterCount).toBe(16 + 10);
    expect(sequential([chain, dense(1)], { inputShape: [3] }).parameterCount).toBe(29);
  });

  test("several outputs come in a list", () => {
    const x = input([3]);
    const [one, two] = model(x, [dense(1)(x), dense(2)(x)])(zeros([4, 3]));
    expect([one.shape, two.shape]).toEqual([
      [4, 1],
      [4, 2],
    ]);
    expect(
      model(x, [x, dense(2)(x)])
        .predict(zeros([4, 3]))
        .map((y) => y.shape),
    ).toEqual([
      [4, 3],
      [4, 2],
    ]);
  });

  test("images of another size go through where the layers allow it", () => {
    const image = input([8, 8, 1]);
    const net = model(image, conv2d(2, 3)(image));
    expect(net(zeros([1, 10, 9, 1])).shape).toEqual([1, 8, 7, 2]);
    expect(net.outputShape([5, 5, 1])).toEqual([3, 3, 2]);
  });
});

describe("activations", () => {
  const image = random.uniform([8, 8, 1]);

  test("of a sequential model, by the names of the layers", () => {
    const net = sequential([conv2d(2, 3, { inputShape: [8, 8, 1] }), maxPool2d(2), flatten(), dense(3)]);
    const found = net.activations(image);
    expect(Object.entries(found).map(([name, y]) => [name, y.shape])).toEqual([
      ["conv2d_1", [6, 6, 2]],
      ["maxPool2d_1", [3, 3, 2]],
      ["flatten_1", [18]],
      ["dense_1", [3]],
    ]);
    expect(found.dense_1.toArray()).toEqual(net(image.expandDims(0)).at(0).toArray());
    expect(net.activations(image.expandDims(0)).conv2d_1.shape).toEqual([1, 6, 6, 2]);
  });

  test("of a functional model, and of a nested one as a whole", () => {
    const x = input([8, 8, 1]);
    const inner = model(x, conv2d(2, 3)(x), { name: "inner" });
    const net = model(x, add([inner(x), avgPool2d(3, { strides: 1 })(x)]));
    const found = net.activations(image);
    expect(Object.keys(found)).toEqual(["inner", "avgPool2d_1", "add_1"]);
    expect(found.add_1.toArray()).toEqual(found.inner.add(found.avgPool2d_1).toArray());
  });
});

describe("names", () => {
  test("are numbered within the model, whatever was made before", () => {
    const make = () => {
      const x = input([3]);
      return model(x, dense(1)(dense(2, { name: "hidden" })(dense(3)(x)))).layers.map(({ name }) => name);
    };
    expect(make()).toEqual(["input_1", "dense_1", "hidden", "dense_2"]);
    expect(make()).toEqual(make());
  });

  test("of layers from elsewhere stay, and others make way", () => {
    const x = input([3]);
    const [a, b] = [dense(3), dense(3)];
    const [left, right] = [model(x, a(x)), model(x, b(x))];
    expect([a.name, b.name]).toEqual(["dense_1", "dense_1"]);
    const both = model(x, add([a(x), b(x)]));
    expect(both.nodes.map(({ name }) => name)).toEqual(["input_1", "dense_1", "dense_2", "add_1"]);
    expect(both.layer("dense_2")).toBe(b);
    expect([left.layers[1].name, right.layers[1].name]).toEqual(["dense_1", "dense_1"]);
  });

  test("show in the console", () => {
    const x = input([3], { name: "measurements" });
    expect(inspect(x)).toBe("symbolic tensor [batch, 3] of measurements");
    expect(inspect(model([x, input([2])].slice(0, 1), dense(1)(x)))).toBe("model: [3] → [1], 4 parameters");
  });
});

describe("what is refused", () => {
  const x = input([3], { name: "given" });
  test.each([
    {
      name: "an input that is missing",
      run: () => model(x, add([x, dense(3)(input([5], { name: "other" }))])),
      message: "model: the outputs need also other [5], which is not among the inputs",
    },
    {
      name: "an input that nothing needs",
      run: () => model([x, input([5], { name: "other" })], dense(3)(x)),
      message: "model: no output needs input 2 of 2 (other)",
    },
    {
      name: "numbers in place of symbols",
      run: () => model(ones([3]) as never, x),
      message: "model: inputs are symbolic tensors, as input([28, 28, 1]) and layers called on it give",
    },
    {
      name: "paths that shrink the image differently",
      run: () => {
        const image = input([8, 8, 1]);
        concatenate([conv2d(2, 3)(image), conv2d(2, 1)(image)]);
      },
      message:
        'concatenate: [batch, 6, 6, 2] and [batch, 8, 8, 2] differ beside axis 3, along which they are joined — do all paths keep height and width (padding: "same")?',
    },
    {
      name: "sums of different shapes",
      run: () => add([x, dense(4)(x)]),
      message: "add: [batch, 3] and [batch, 4] cannot be combined element by element: their shapes differ",
    },
    {
      name: "numbers and symbols mixed",
      run: () => add([x, ones([1, 3])] as never),
      message: "add: tensors with numbers and symbolic tensors are mixed",
    },
    {
      name: "a list for a layer with one input",
      run: () => dense(2)([x, x] as never),
      message: "dense: takes one input, got a list of 2: join them first, concatenate([a, b])",
    },
    {
      name: "a layer that cannot take the shape",
      run: () => conv2d(2, 3)(x),
      message: "conv2d: expected input [batch, height, width, channels], got [batch, 3]",
    },
    {
      name: "one tensor for two inputs",
      run: () => {
        const other = input([3], { name: "other" });
        model([x, other], add([x, other]))(ones([1, 3]));
      },
      message: "takes 2 inputs (given, other) in a list, got 1",
    },
    {
      name: "a batch of another shape",
      run: () => model(x, dense(2)(x))(ones([1, 4])),
      message: "dense_1: expected [batch, 3], got [batch, 4]",
    },
    {
      name: "an operation on tensors",
      run: () => relu(x as never),
      message: "relu: expected a tensor, got a SymbolicTensor — it holds no numbers yet",
    },
    {
      name: "two layers of one name",
      run: () => model(x, dense(2, { name: "given" })(x)),
      message: 'two layers are named "given"',
    },
  ])("$name", ({ run, message }) => {
    expect(run).toThrow(message);
  });
});
