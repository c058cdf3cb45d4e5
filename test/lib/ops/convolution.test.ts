// What locally connected and tiled convolutions are made of, sizes of transposed ones, unpooling, and what mistakes say.
import { describe, expect, test } from "vitest";
import {
  checkGradients,
  convolve,
  convolve2d,
  functional,
  ones,
  random,
  type Tensor,
  tensor,
  zeros,
} from "../../../lib/index.ts";

const { conv1d, conv2d, conv2dTranspose } = functional;
/** The largest difference, relative to the largest number (at least 1). */
function apart(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  if (a.size === 0) return 0;
  return a.sub(b).abs().max().item() / Math.max(b.abs().max().item(), 1);
}

// Sums of some hundred float32 products.
const CLOSE = 3e-6;

describe("weights of their own at every place", () => {
  const x = random.uniform([2, 6, 5, 3], { low: -1, high: 1 });
  const w = random.uniform([3, 2, 3, 4], { low: -1, high: 1 });

  test("the same ones everywhere are a convolution", () => {
    const everywhere = w.expandDims(0).expandDims(0).broadcastTo([4, 4, 3, 2, 3, 4]);
    expect(apart(functional.locallyConnected2d(x, everywhere), conv2d(x, w))).toBeLessThan(CLOSE);
    expect(apart(functional.tiledConv2d(x, w.reshape([1, 1, 3, 2, 3, 4])), conv2d(x, w))).toBeLessThan(CLOSE);
  });

  test("tiles take turns", () => {
    const tiles = random.uniform([2, 3, 3, 2, 3, 4], { low: -1, high: 1 });
    const y = functional.tiledConv2d(x, tiles);
    for (const [row, column] of [
      [0, 0],
      [1, 2],
      [3, 3],
      [2, 1],
    ] as const) {
      const own = conv2d(x, tiles.at(row % 2, column % 3));
      const place = (t: Tensor) => t.slice(row, row + 1, { axis: 1 }).slice(column, column + 1, { axis: 2 });
      expect(apart(place(y), place(own))).toBeLessThan(CLOSE);
    }
  });
});

describe("weights of their own along sequences", () => {
  const x = tensor([1, 2, 3, 4, 5, 6]);
  const tiles = tensor([
    [1, 0, -1],
    [2, 1, 0],
  ]);

  test("tiles take turns, y[i] = Σ w[i mod 2, j] · x[i + j]", () => {
    expect(functional.tiledConv1d(x, tiles).toArray()).toEqual([-2, 7, -2, 13]);
    expect(functional.tiledConv1d(x, tiles, { padding: [1, 0] }).toArray()).toEqual([-2, 4, -2, 10, -2]);
    expect(functional.tiledConv1d(x, tiles.slice(0, 1)).toArray()).toEqual(
      conv1d(x, tensor([1, 0, -1])).toArray(),
    );
    expect(functional.tiledConv1d(x, tiles, { strides: 2, dilation: 2 }).toArray()).toEqual([-4]);
    expect(checkGradients((a, b) => functional.tiledConv1d(a, b), [x, tiles], { order: 2 }).ok).toBe(true);
  });

  test("as many tiles as places are a locally connected layer", () => {
    const everywhere = functional.locallyConnected1d(x, tiles.gather([0, 1, 0, 1]));
    expect(everywhere.toArray()).toEqual([-2, 7, -2, 13]);
    const [batch, filters] = [random.uniform([2, 5, 3]), random.uniform([4, 2, 3, 7])];
    const y = functional.locallyConnected1d(batch, filters);
    const own = conv1d(batch.slice(3, 5, { axis: 1 }), filters.at(3));
    expect(apart(y.slice(3, 4, { axis: 1 }), own)).toBeLessThan(CLOSE);
  });
});

describe("single images, with channels and without", () => {
  const matrix = random.uniform([6, 4]);
  const image = random.uniform([6, 4, 3]);

  test.each<[string, (x: Tensor) => Tensor]>([
    ["stochastic pooling", (x) => functional.stochasticPool2d(x)],
    ["maxima", (x) => functional.maxPoolWithIndices(x).values],
    ["their positions", (x) => functional.maxPoolWithIndices(x, { poolSize: 3, strides: 1 }).indices],
    ["upsampling", (x) => functional.upsample(x, [2, 3])],
    ["interpolation", (x) => functional.resizeBilinear(x, [5, 7])],
  ])("%s", (_, operation) => {
    const [flat, deep] = [operation(matrix), operation(image)];
    expect(flat.rank).toBe(2);
    expect(flat.data()).toEqual(operation(matrix.reshape([1, 6, 4, 1])).data());
    expect(deep.rank).toBe(3);
    expect(deep.data()).toEqual(operation(image.expandDims(0)).data());
  });

  test("one size is meant for both axes of a matrix, and for the axis of a vector", () => {
    expect(functional.upsample(matrix, 2).toArray()).toEqual(functional.upsample(matrix, [2, 2]).toArray());
    expect(functional.upsample(tensor([1, 2])).toArray()).toEqual([1, 1, 2, 2]);
    expect(() => functional.upsample(matrix, [2, 2, 2])).toThrow("got [6, 4] with [2, 2, 2]");
  });

  test("one filter for each channel, or for all of them", () => {
    const blur = random.uniform([3, 3]);
    const each = blur.expandDims(-1).expandDims(-1).broadcastTo([3, 3, 3, 1]);
    const wanted = functional.depthwiseConv2d(image, each);
    expect(apart(functional.depthwiseConv2d(image, blur), wanted)).toBe(0);
    expect(apart(functional.depthwiseConv2d(image, each.squeeze(-1)), wanted)).toBe(0);
    const first = functional.depthwiseConv2d(image.transpose([2, 0, 1]), blur, {
      dataFormat: "channelsFirst",
    });
    expect(apart(first, wanted.transpose([2, 0, 1]))).toBe(0);
    expect(apart(functional.depthwiseConv2d(matrix, blur), conv2d(matrix, blur))).toBe(0);
  });
});

test("Keras' sizes of transposed convolutions", () => {
  const size = (window: number, strides: number, padding: "valid" | "same") =>
    conv2dTranspose(ones([1, 4, 5, 1]), ones([window, window, 1, 1]), { strides, padding }).shape.slice(1, 3);
  expect(size(3, 2, "same")).toEqual([8, 10]);
  expect(size(3, 2, "valid")).toEqual([9, 11]);
  expect(size(2, 3, "valid")).toEqual([12, 15]);
});

test("ceilMode has one window even where the image is smaller than it, as PyTorch", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 7],
  ]);
  const options = { poolSize: [4, 2], strides: [3, 2], ceilMode: true };
  expect(functional.maxPool2d(x, options).toArray()).toEqual([[5, 7]]);
  expect(functional.avgPool2d(x, options).toArray()).toEqual([[3, 5]]);
  expect(() => functional.maxPool2d(x, { ...options, ceilMode: false })).toThrow(/does not fit/);
  // A window that would begin behind the image is none.
  expect(() => functional.maxPool2d(x, { ...options, strides: [1, 2] })).toThrow(/does not fit/);
});

test("unpooling puts the maxima back", () => {
  const x = tensor([
    [1, 2, 5, 6],
    [4, 3, 8, 7],
  ]).reshape([1, 2, 4, 1]);
  const { values, indices } = functional.maxPoolWithIndices(x);
  const back = functional.maxUnpool(values, indices, x.shape);
  expect(back.reshape([2, 4]).toArray()).toEqual([
    [0, 0, 0, 0],
    [4, 0, 8, 0],
  ]);
});

describe("mistakes", () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      "a filter too large",
      () => conv2d(zeros([1, 2, 2, 1]), zeros([5, 5, 1, 1]), { padding: 1 }),
      /5 × 5 does not fit into an image of 2 × 2, 4 × 4 with its padding/,
    ],
    [
      "dilation",
      () => conv1d(zeros([1, 4, 1]), zeros([3, 1, 1]), { dilation: 2 }),
      /3 \(5 with its dilation\) does not fit into an image of 4/,
    ],
    [
      "causal images",
      () => conv2d(zeros([4, 4]), zeros([2, 2]), { padding: "causal" }),
      /unknown padding "causal".*\[\[1, 2\]\]/,
    ],
    [
      "padding",
      () => conv2d(zeros([4, 4]), zeros([2, 2]), { padding: [-1, 0] }),
      /padding is a whole number from 0 up for each of the 2 axes/,
    ],
    [
      "groups",
      () => conv2d(zeros([1, 4, 4, 4]), zeros([2, 2, 2, 3]), { groups: 2 }),
      /2 groups do not divide 3 filters/,
    ],
    [
      "channels in groups",
      () => conv2d(zeros([1, 4, 4, 4]), zeros([2, 2, 4, 4]), { groups: 2 }),
      /has 4 channels.*expect 4 in each of 2 groups/,
    ],
    [
      "the order of channels",
      () => conv2d(zeros([1, 4, 4, 4]), zeros([2, 2, 4, 4]), { dataFormat: "NCHW" as never }),
      /"channelsLast" and "channelsFirst"/,
    ],
    [
      "the rank of a sequence",
      () => conv1d(zeros([2, 2, 2, 2]), zeros([3, 3, 1])),
      /\[batch, steps, channels\]/,
    ],
    [
      "transposed channels",
      () => conv2dTranspose(zeros([1, 4, 4, 3]), zeros([2, 2, 3, 5])),
      /has 3 channels.*expect 5.*other way round/,
    ],
    [
      "output padding",
      () => conv2dTranspose(zeros([4, 4]), zeros([2, 2]), { outputPadding: 1 }),
      /outputPadding.*smaller than the stride/,
    ],
    [
      "a padding that eats all",
      () => conv2dTranspose(zeros([1, 1]), zeros([2, 2]), { padding: 1 }),
      /leaves nothing of the output/,
    ],
    [
      "windows in the padding",
      () => functional.maxPool2d(zeros([4, 4]), { padding: 2 }),
      /lie outside of the image/,
    ],
    [
      "places",
      () => functional.locallyConnected2d(zeros([1, 3, 3, 1]), zeros([3, 3, 2, 2, 1, 1])),
      /2 × 2 places.*for 3 × 3/,
    ],
    [
      "indices",
      () => functional.maxUnpool(zeros([1]), tensor([4], { dtype: "int32" }), [4]),
      /outside of \[4\]/,
    ],
    ["vectors", () => convolve(zeros([2, 2]), zeros([2])), /two vectors/],
    ["matrices", () => convolve2d(zeros([2, 3]), zeros([3, 2]), "valid"), /at least as large/],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

test("a plain number as bias loses no digits beside float64", () => {
  const x = tensor([1, 1], { dtype: "float64" });
  expect(conv1d(x, tensor([0.1], { dtype: "float64" }), { bias: 0.1 }).toArray()).toEqual([0.2, 0.2]);
  const image = ones([1, 1, 1, 1]).cast("float64");
  expect(conv2dTranspose(image, ones([1, 1, 1, 1]), { bias: 0.1 }).item()).toBe(1.1);
  expect(conv1d(ones([2]), ones([1]), { bias: 0.5 }).dtype).toBe("float32");
});

test.each<[string, () => unknown, RegExp]>([
  [
    "a single image with its channels first",
    () => conv2d(ones([3, 7, 9]), ones([5, 2, 3, 2])),
    /conv2d: x \[3, 7, 9\] has 9 channels.*expect 3.*\.transpose\(\[1, 2, 0\]\)/,
  ],
  [
    "a batch with its channels first",
    () => conv2d(ones([1, 3, 7, 9]), ones([5, 2, 3, 2])),
    /x \[1, 3, 7, 9\] has 9 channels.*\.transpose\(\[0, 2, 3, 1\]\)/,
  ],
  [
    "filters in PyTorch's order",
    () => conv2d(ones([1, 3, 7, 9]), ones([2, 3, 5, 2]), { dataFormat: "channelsFirst" }),
    /x \[1, 3, 7, 9\] has 3 channels, the filters \[2, 3, 5, 2\] expect 5.*PyTorch.*\.transpose\(\[2, 3, 1, 0\]\)/,
  ],
  [
    "a matrix for a deep filter",
    () => conv2d(ones([7, 7]), ones([3, 3, 3])),
    /x \[7, 7\] has 1 channel, the filters \[3, 3, 3\] expect 3/,
  ],
  ["a filter that is too large", () => conv2d(ones([2, 2]), ones([3, 3])), /\(x is \[2, 2\]\)/],
  [
    "a list as bias",
    () => conv2d(ones([7, 7]), ones([3, 3]), { bias: [1] as never }),
    /^conv2d: the bias: expected a tensor or a number, got an array/,
  ],
])("errors speak of what was handed over: %s", (_, make, message) => {
  expect(make).toThrow(message);
});
