// Convolution and pooling of plain tensors: matrices, single images, single filters, channels last and first.
import { describe, expect, test } from "vitest";
import {
  avgPool2d,
  checkGradients,
  conv2d,
  functional,
  maxPool2d,
  ones,
  random,
  seed,
  stack,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../../../lib/index.ts";

const image = tensor([
  [1, 0, 1, 9, 6, 7, 9],
  [2, 7, 7, 5, 8, 2, 5],
  [7, 7, 4, 8, 9, 5, 1],
  [3, 6, 2, 9, 6, 7, 3],
  [3, 8, 1, 9, 9, 1, 3],
  [2, 5, 5, 8, 6, 1, 5],
  [2, 0, 9, 1, 7, 6, 0],
]);
const kernel = tensor([
  [0, 0, 1],
  [-1, 0, -1],
  [0, 0, 1],
]);

test("a 7 × 7 image and a 3 × 3 kernel", () => {
  expect(conv2d.apply(image, kernel).toArray()).toEqual([
    [-4, 5, 0, 5, -3],
    [-2, -1, 1, -4, -2],
    [0, 2, 10, -10, -5],
    [3, 0, 2, -2, -4],
    [3, -3, 5, -2, -8],
  ]);
});

test("five crosses in a binary image", () => {
  const spots = tensor([
    [1, 1, 1, 0, 0],
    [0, 1, 1, 1, 0],
    [0, 0, 1, 1, 1],
    [0, 0, 1, 1, 0],
    [0, 1, 1, 0, 0],
  ]);
  const cross = tensor([
    [1, 0, 1],
    [0, 1, 0],
    [1, 0, 1],
  ]);
  expect(conv2d.apply(spots, cross).toArray()).toEqual([
    [4, 3, 4],
    [2, 4, 3],
    [2, 3, 4],
  ]);
});

const first = { dataFormat: "channelsFirst" } as const;

describe("shapes, channels first", () => {
  test.each([
    { x: [1, 9, 9], k: [3, 3], options: first, y: [1, 7, 7] },
    { x: [1, 9, 9], k: [3, 3, 1, 4], options: first, y: [4, 7, 7] },
    { x: [3, 7, 7], k: [3, 3, 3, 4], options: first, y: [4, 5, 5] },
    { x: [3, 7, 7], k: [3, 3, 3], options: first, y: [1, 5, 5] },
    { x: [3, 7, 9], k: [5, 2, 3, 2], options: first, y: [2, 3, 8] },
    { x: [3, 7, 9], k: [5, 2, 3, 2], options: { ...first, padding: [0, 1], dilation: [1, 2] }, y: [2, 3, 9] },
    { x: [3, 7, 9], k: [5, 2, 3, 2], options: { ...first, padding: [0, [0, 1]] }, y: [2, 3, 9] },
    { x: [5, 3, 7, 9], k: [3, 5, 2], options: first, y: [5, 1, 3, 8] },
    { x: [7, 9], k: [5, 2], options: first, y: [3, 8] },
    { x: [7, 9], k: [5, 2, 1, 6], options: first, y: [6, 3, 8] },
  ] as const)("$x ∗ $k → $y", ({ x, k, options, y }) => {
    expect(conv2d.apply(zeros(x), zeros(k), options).shape).toEqual(y);
  });
});

describe("shapes, channels last", () => {
  test.each([
    { x: [9, 9, 1], k: [3, 3], y: [7, 7, 1] },
    { x: [7, 7, 3], k: [3, 3, 3, 4], y: [5, 5, 4] },
    { x: [7, 9, 3], k: [5, 2, 3], y: [3, 8, 1] },
    { x: [5, 7, 9, 3], k: [5, 2, 3], y: [5, 3, 8, 1] },
    { x: [5, 7, 9, 1], k: [5, 2], y: [5, 3, 8, 1] },
    { x: [7, 9], k: [5, 2], y: [3, 8] },
    { x: [7, 9], k: [5, 2, 1], y: [3, 8] },
    { x: [7, 9], k: [5, 2, 1, 6], y: [3, 8, 6] },
    { x: [0, 7, 9, 3], k: [5, 2, 3], y: [0, 3, 8, 1] },
  ] as const)("$x ∗ $k → $y", ({ x, k, y }) => {
    expect(conv2d.apply(zeros(x), zeros(k)).shape).toEqual(y);
  });
});

describe("a photo in three channels and one filter for all of them", () => {
  const red = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 156, 155, 156, 158, 158, 158],
    [0, 153, 154, 157, 159, 159, 159],
    [0, 149, 151, 155, 158, 159, 159],
    [0, 146, 146, 149, 153, 158, 158],
    [0, 145, 143, 143, 148, 158, 158],
  ];
  const green = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 167, 166, 167, 169, 169, 169],
    [0, 164, 165, 168, 170, 170, 170],
    [0, 160, 162, 166, 169, 170, 170],
    [0, 156, 156, 159, 163, 168, 168],
    [0, 155, 153, 153, 158, 168, 168],
  ];
  const blue = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 163, 162, 163, 165, 165, 165],
    [0, 160, 161, 164, 166, 166, 166],
    [0, 156, 158, 162, 165, 166, 166],
    [0, 155, 155, 158, 162, 167, 167],
    [0, 154, 152, 152, 157, 167, 167],
  ];
  const kernels = [
    [
      [-1, -1, 1],
      [0, 1, -1],
      [0, 1, 1],
    ],
    [
      [1, 0, 0],
      [1, -1, -1],
      [1, 0, -1],
    ],
    [
      [0, 1, 1],
      [0, 1, 0],
      [1, -1, 1],
    ],
  ].map((rows) => tensor(rows));
  const channels = [red, green, blue].map((rows) => tensor(rows));
  const expected = [
    [-25, 466, 466, 475, 481],
    [295, 787, 798, 812, 820],
    [291, 776, 784, 800, 812],
    [293, 771, 773, 782, 801],
  ];

  test("channels last", () => {
    const map = conv2d.apply(stack(channels, -1), stack(kernels, -1), { bias: 1 });
    expect(map.shape).toEqual([4, 5, 1]);
    expect(map.squeeze().toArray()).toEqual(expected);
  });

  test("channels first", () => {
    const map = conv2d.apply(stack(channels), stack(kernels), { bias: 1, ...first });
    expect(map.toArray()).toEqual([expected]);
  });

  test("the sum of three convolutions", () => {
    const sums = channels.map((channel, i) => conv2d.apply(channel, kernels[i]));
    expect(sums.map((map) => map.at(0, 0).item())).toEqual([308, -498, 164]);
  });
});

test("non-square kernels with padding and dilation per axis are the sums they say", () => {
  seed(5);
  const x = random.normal([3, 7, 9]);
  const k = random.normal([3, 5, 2]);
  const y = conv2d.apply(x, k, { ...first, padding: [0, 1], dilation: [1, 2], strides: [1, 2] });
  expect(y.shape).toEqual([1, 3, 5]);
  const [pixels, weights]: number[][][][] = [x.toArray(), k.toArray()];
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 5; j++) {
      let sum = 0;
      for (let c = 0; c < 3; c++) {
        for (let a = 0; a < 5; a++) {
          for (let b = 0; b < 2; b++) sum += (pixels[c][i + a][2 * j - 1 + 2 * b] ?? 0) * weights[c][a][b];
        }
      }
      // float32 sums of 30 products
      expect(y.at(0, i, j).item()).toBeCloseTo(sum, 4);
    }
  }
});

test("gradients reach plain images and filters", () => {
  seed(6);
  const x = variable(random.normal([2, 4, 5]), { dtype: "float64" });
  const k = variable(random.normal([2, 3, 2]), { dtype: "float64" });
  const run = (image: Tensor, filter: Tensor) =>
    conv2d
      .apply(image, filter, { ...first, bias: 2 })
      .square()
      .sum();
  expect(checkGradients(run, [x, k], { order: 2 }).ok).toBe(true);
});

test("filters for one channel are refused for several, and say what would do", () => {
  expect(() => conv2d.apply(ones([7, 7, 3]), ones([3, 3]))).toThrow(
    "conv2d: the filter [3, 3] is for images of one channel, x has 3 — for one filter over all of them [3, 3, 3], for each channel by itself functional.depthwiseConv2d",
  );
  expect(() => conv2d.apply(ones([7, 7, 3]), ones([3, 3, 2]))).toThrow("has 3 channels");
});

describe("pooling", () => {
  const cells = tensor([
    [7, 3, 5, 2],
    [8, 7, 1, 6],
    [4, 9, 3, 9],
    [0, 8, 4, 5],
  ]);
  test("of a matrix", () => {
    expect(maxPool2d.apply(cells).toArray()).toEqual([
      [8, 6],
      [9, 9],
    ]);
    expect(avgPool2d.apply(cells).toArray()).toEqual([
      [6.25, 3.5],
      [5.25, 5.25],
    ]);
    expect(maxPool2d.apply(cells, { poolSize: 3, strides: 1, padding: "same" }).shape).toEqual([4, 4]);
  });
  test("of channels by themselves, last or first", () => {
    const both = [cells, cells.neg()];
    const expected = [
      [
        [8, 6],
        [9, 9],
      ],
      [
        [-3, -1],
        [-0, -3],
      ],
    ];
    expect(maxPool2d.apply(stack(both), first).toArray()).toEqual(expected);
    const last = functional.maxPool2d(stack(both, -1)).transpose([2, 0, 1]);
    expect(last.toArray()).toEqual(expected);
  });
});

describe("layers", () => {
  test("with channels first, padding and dilation per axis", () => {
    const layer = conv2d(2, [5, 2], { padding: [0, 1], dilation: [1, 2], inputShape: [3, 7, 9], ...first });
    expect(layer.outputShape([3, 7, 9])).toEqual([2, 3, 9]);
    expect(layer.parameterCount).toBe(62);
    expect(layer(zeros([4, 3, 7, 9])).shape).toEqual([4, 2, 3, 9]);
    expect(conv2d(1, 3, first).outputShape([1, 9, 9])).toEqual([1, 7, 7]);
    expect(conv2d(4, 3, first).countParams([3, 7, 7])).toBe(112);
    expect(maxPool2d(2, first).outputShape([6, 28, 28])).toEqual([6, 14, 14]);
    expect(maxPool2d(2, first)(zeros([1, 6, 28, 28])).shape).toEqual([1, 6, 14, 14]);
  });
  test("compute what the operation computes", () => {
    seed(7);
    const x = random.normal([2, 3, 7, 9]);
    const options = { padding: [[1, 0], 2], dilation: [2, 1], strides: [1, 2], ...first } as const;
    const layer = conv2d(4, 2, { ...options, inputShape: [3, 7, 9] });
    expect(layer(x).toArray()).toEqual(
      conv2d.apply(x, layer.kernel!, { ...options, bias: layer.bias }).toArray(),
    );
    expect(layer(x).shape.slice(1)).toEqual(layer.outputShape([3, 7, 9]));
  });
  test("refuse images that are too small, with what was meant", () => {
    expect(() => conv2d(1, 3, { dilation: 4 }).outputShape([7, 7, 1])).toThrow(
      "expected an image of at least 9×9 (the size of the filters)",
    );
    expect(() => conv2d(4, 3, { inputShape: [3, 7, 7], ...first })(zeros([1, 7, 7, 3]))).toThrow(
      "channels come first here: did you mean .transpose([0, 3, 1, 2])?",
    );
    expect(() => conv2d(1, 3, { padding: [1, -1] })).toThrow("padding is a whole number from 0 up");
  });
});
