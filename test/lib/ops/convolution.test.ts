// Convolutions of random geometry against each other: as a product with the windows' matrix, with the convolution's own matrix,
// and the transposed one as the adjoint; what locally connected and tiled ones are made of; and what they say about mistakes.
import { describe, expect, test } from "vitest";
import {
  convolutionMatrix,
  convolve,
  convolve2d,
  functional,
  im2col,
  ones,
  random,
  seed,
  type Tensor,
  tensor,
  zeros,
} from "../../../lib/index.ts";
import { generator } from "./row.ts";

const { conv1d, conv2d, conv3d, conv1dTranspose, conv2dTranspose, conv3dTranspose } = functional;
const byRank = [
  { rank: 1, apply: conv1d, adjoint: conv1dTranspose },
  { rank: 2, apply: conv2d, adjoint: conv2dTranspose },
  { rank: 3, apply: conv3d, adjoint: conv3dTranspose },
];

interface Geometry {
  batch: number;
  lengths: number[];
  windows: number[];
  channels: number;
  filters: number;
  options: { strides: number[]; dilation: number[]; padding: [number, number][] };
}

function randomGeometry(rank: number, next: () => number): Geometry {
  const upTo = (n: number) => 1 + Math.floor(next() * n);
  const axes = Array.from({ length: rank }, () => {
    const [window, dilation, stride] = [upTo(4), upTo(3), upTo(4)];
    const padding: [number, number] = [upTo(4) - 1, upTo(4) - 1];
    const span = (window - 1) * dilation + 1;
    return {
      window,
      dilation,
      stride,
      padding,
      length: Math.max(span - padding[0] - padding[1], 1) + upTo(9) - 1,
    };
  });
  return {
    batch: upTo(3),
    lengths: axes.map((a) => a.length),
    windows: axes.map((a) => a.window),
    channels: [1, 2, 3, 17, 26][Math.floor(next() * 5)]!,
    filters: [1, 2, 7, 16, 21][Math.floor(next() * 5)]!,
    options: {
      strides: axes.map((a) => a.stride),
      dilation: axes.map((a) => a.dilation),
      padding: axes.map((a) => a.padding),
    },
  };
}

/** The largest difference, relative to the largest number (at least 1). */
function apart(a: Tensor, b: Tensor): number {
  expect(a.shape).toEqual(b.shape);
  if (a.size === 0) return 0;
  return a.sub(b).abs().max().item() / Math.max(b.abs().max().item(), 1);
}

// Sums of some hundred float32 products.
const CLOSE = 3e-6;

describe.each(byRank)("random convolutions in $rank dimensions", ({ rank, apply, adjoint }) => {
  const next = generator(rank);
  const cases = Array.from({ length: 40 }, () => randomGeometry(rank, next));
  test.each(cases)("%j", ({ batch, lengths, windows, channels, filters, options }) => {
    seed(7);
    const x = random.uniform([batch, ...lengths, channels], { low: -1, high: 1 });
    const w = random.uniform([...windows, channels, filters], { low: -1, high: 1 });
    const y = apply(x, w, options);
    const depth = windows.reduce((product, size) => product * size, channels);
    expect(apart(im2col(x, windows, options).matmul(w.reshape([depth, filters])), y)).toBeLessThan(CLOSE);

    // ⟨conv(x), b⟩ = ⟨x, convᵀ(b)⟩, with what the strides leave over as output padding.
    const b = random.uniform(y.shape, { low: -1, high: 1 });
    const { strides, dilation, padding } = options;
    const outputPadding = lengths.map((length, i) => {
      const span = (windows[i]! - 1) * dilation[i]! + 1;
      return length - ((y.shape[i + 1]! - 1) * strides[i]! + span - padding[i]![0] - padding[i]![1]);
    });
    const back = adjoint(b, w, { ...options, outputPadding });
    const scale = Math.sqrt(y.size * depth);
    expect(Math.abs(y.mul(b).sum().item() - back.mul(x).sum().item())).toBeLessThan(CLOSE * scale);

    if (x.size > 3000) return;
    const matrix = convolutionMatrix(w, [...lengths, channels], options);
    const product = x.reshape([batch, -1]).matmul(matrix.transpose());
    expect(apart(product.reshape(y.shape), y)).toBeLessThan(CLOSE);
  });

  test("in groups: each group by itself", () => {
    const x = random.uniform([2, ...new Array(rank).fill(5), 6], { low: -1, high: 1 });
    const w = random.uniform([...new Array(rank).fill(3), 2, 9], { low: -1, high: 1 });
    const y = apply(x, w, { groups: 3, padding: 1 });
    for (let group = 0; group < 3; group++) {
      const part = (t: Tensor, size: number) => t.slice(group * size, (group + 1) * size, { axis: -1 });
      expect(apart(part(y, 3), apply(part(x, 2), part(w, 3), { padding: 1 }))).toBeLessThan(CLOSE);
    }
  });
});

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

test("Keras' sizes of transposed convolutions", () => {
  const size = (window: number, strides: number, padding: "valid" | "same") =>
    conv2dTranspose(ones([1, 4, 5, 1]), ones([window, window, 1, 1]), { strides, padding }).shape.slice(1, 3);
  expect(size(3, 2, "same")).toEqual([8, 10]);
  expect(size(3, 2, "valid")).toEqual([9, 11]);
  expect(size(2, 3, "valid")).toEqual([12, 15]);
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
