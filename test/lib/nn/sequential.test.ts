// The sequential model: names, summary, shared use as a layer.
import { describe, expect, test } from "vitest";
import { conv2d } from "../../../lib/nn/conv.ts";
import { dense } from "../../../lib/nn/dense.ts";
import { flatten } from "../../../lib/nn/flatten.ts";
import { maxPool2d } from "../../../lib/nn/maxPool.ts";
import { sequential } from "../../../lib/nn/sequential.ts";
import { zeros } from "../../../lib/tensor/create.ts";

const digitsNet = () =>
  sequential([
    conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] }),
    maxPool2d(2),
    conv2d(64, 3, { activation: "relu" }),
    maxPool2d(2),
    conv2d(64, 3, { activation: "relu" }),
    flatten(),
    dense(64, { activation: "relu" }),
    dense(10, { activation: "softmax" }),
  ]);

describe("summary", () => {
  const summary = digitsNet().summary();

  test("has the numbers of the course's table", () => {
    expect(summary.rows.map(({ name, outputShape, parameters }) => [name, outputShape, parameters])).toEqual([
      ["conv2d_1", [26, 26, 32], 320],
      ["maxPool2d_1", [13, 13, 32], 0],
      ["conv2d_2", [11, 11, 64], 18496],
      ["maxPool2d_2", [5, 5, 64], 0],
      ["conv2d_3", [3, 3, 64], 36928],
      ["flatten_1", [576], 0],
      ["dense_1", [64], 36928],
      ["dense_2", [10], 650],
    ]);
    expect(summary.totalParameters).toBe(93322);
  });

  test("as text", () => {
    const lines = summary.toString().split("\n");
    expect(lines[0]).toBe('Model: "sequential"');
    expect(lines[2]).toBe("Layer (type)             Output shape         Param #");
    expect(lines[4]).toBe("conv2d_1 (conv2d)        [batch, 26, 26, 32]      320");
    expect(lines.slice(-3)).toEqual([
      "Total params: 93,322",
      "Trainable params: 93,322",
      "Non-trainable params: 0",
    ]);
  });

  test("as a bundle with a table and text", () => {
    const bundle = (summary as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]();
    expect(bundle["text/html"]).toContain("<td>18,496</td>");
    expect(bundle["text/plain"]).toBe(summary.toString());
  });

  test("of a model that has not seen an input", () => {
    const model = sequential([dense(10), dense(5), dense(1)]);
    expect(model.summary().toString()).toContain("not built yet");
    model(zeros([1, 20]));
    expect(model.summary().totalParameters).toBe(271);
  });

  test("counts frozen layers apart", () => {
    const model = digitsNet();
    model.layers[0].trainable = false;
    const { trainableParameters, nonTrainableParameters } = model.summary();
    expect([trainableParameters, nonTrainableParameters]).toEqual([93002, 320]);
  });
});

test("each model numbers its own layers, whatever was made before", () => {
  expect(digitsNet().layers.map((layer) => layer.name)).toEqual(
    digitsNet().layers.map((layer) => layer.name),
  );
});

test("names that were given stay and must differ", () => {
  const model = sequential([dense(3, { name: "hidden" }), dense(2)]);
  expect(model.layers.map((layer) => layer.name)).toEqual(["hidden", "dense_1"]);
  expect(model.layer("hidden")).toBe(model.layers[0]);
  expect(() => model.layer("hiden")).toThrow('did you mean "hidden"?');
  expect(() => sequential([dense(3, { name: "a" }), dense(2, { name: "a" })])).toThrow(
    'two layers are named "a"',
  );
});

test("a model is a layer and may stand in another model", () => {
  const inner = sequential([dense(4, { inputShape: [3] }), dense(2)]);
  const outer = sequential([inner, dense(1)]);
  expect(outer(zeros([5, 3])).shape).toEqual([5, 1]);
  expect(outer.parameterCount).toBe(16 + 10 + 3);
  expect(outer.weights[0]).toBe(inner.weights[0]);
});

test("no layers, no model", () => {
  expect(() => sequential([])).toThrow("a model needs at least one layer");
});
