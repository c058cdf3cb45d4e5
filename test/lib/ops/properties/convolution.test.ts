// Convolutions of random geometry in one to three dimensions against plain loops, with all their gradients; as a product with
// the windows' matrix and with the convolution's own; the transposed one as the adjoint; the flipped one.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  convolutionMatrix,
  convolve,
  convolve2d,
  correlate,
  functional,
  gradients,
  im2col,
  type Tensor,
  variable,
} from "../../../../lib/index.ts";
import {
  always,
  expectExactly,
  floating,
  indexOf,
  positions,
  sizeOf,
  whole,
  wholeTensor,
} from "../arbitraries.ts";

const { conv1d, conv2d, conv3d, conv1dTranspose, conv2dTranspose, conv3dTranspose } = functional;
const byRank = [
  { rank: 1, apply: conv1d, adjoint: conv1dTranspose },
  { rank: 2, apply: conv2d, adjoint: conv2dTranspose },
  { rank: 3, apply: conv3d, adjoint: conv3dTranspose },
];

interface Axis {
  length: number;
  window: number;
  stride: number;
  dilation: number;
  padding: [number, number];
}

const axis: fc.Arbitrary<Axis> = fc
  .record({
    window: fc.integer({ min: 1, max: 4 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 4 }),
    padding: fc.tuple(fc.nat(3), fc.nat(3)),
    more: fc.nat(6),
  })
  .map(({ more, ...rest }) => {
    const span = (rest.window - 1) * rest.dilation + 1;
    return { ...rest, length: Math.max(span - rest.padding[0] - rest.padding[1], 1) + more };
  });

interface Geometry {
  batch: number;
  axes: Axis[];
  groups: number;
  /** In each group. */
  channels: number;
  filters: number;
  salt: number;
}

function geometries(rank: number): fc.Arbitrary<Geometry> {
  return fc
    .record({
      batch: fc.constantFrom(1, 2, 0),
      axes: fc.array(axis, { minLength: rank, maxLength: rank }),
      groups: fc.constantFrom(1, 2, 3),
      channels: fc.constantFrom(1, 2, 3, 17),
      filters: fc.constantFrom(1, 2, 7, 16),
      salt: fc.nat(50),
    })
    .filter(({ axes, groups, channels, filters }) => {
      const [image, windows] = [sizeOf(axes.map((a) => a.length)), sizeOf(axes.map((a) => a.window))];
      return image * windows * groups * channels * filters < 60_000;
    });
}

interface Plain {
  shape: number[];
  y: number[];
  dx: number[];
  dw: number[];
}

/** The definition: for each place of the result all cells of the filter; and what the gradient g sends back. */
function plain(geometry: Geometry, x: number[], w: number[], g: (size: number) => number[]): Plain {
  const { batch, axes, groups, channels, filters } = geometry;
  const imageShape = [batch, ...axes.map((a) => a.length), groups * channels];
  const filterShape = [...axes.map((a) => a.window), channels, groups * filters];
  const sizes = axes.map((a) => {
    const span = (a.window - 1) * a.dilation + 1;
    return Math.floor((a.length + a.padding[0] + a.padding[1] - span) / a.stride) + 1;
  });
  const shape = [batch, ...sizes, groups * filters];
  const [dx, dw] = [x.map(() => 0), w.map(() => 0)];
  const weights = g(sizeOf(shape));
  const cells = positions(axes.map((a) => a.window));
  const y = positions(shape).map((at, place) => {
    const [sample, filter] = [at[0]!, at.at(-1)!];
    const group = Math.floor(filter / filters);
    let sum = 0;
    for (const cell of cells) {
      const source = axes.map((a, i) => at[i + 1]! * a.stride + cell[i]! * a.dilation - a.padding[0]);
      if (source.some((v, i) => v < 0 || v >= axes[i]!.length)) continue;
      for (let c = 0; c < channels; c++) {
        const i = indexOf(imageShape, [sample, ...source, group * channels + c]);
        const j = indexOf(filterShape, [...cell, c, filter]);
        sum += x[i]! * w[j]!;
        dx[i]! += weights[place]! * w[j]!;
        dw[j]! += weights[place]! * x[i]!;
      }
    }
    return sum;
  });
  return { shape, y, dx, dw };
}

describe.each(byRank)("in $rank dimensions", ({ rank, apply, adjoint }) => {
  test("the sum over the filter, gradients for image, filters and bias", () => {
    always(
      fc.property(geometries(rank), floating, (geometry, dtype) => {
        const { batch, axes, groups, channels, filters, salt } = geometry;
        const imageShape = [batch, ...axes.map((a) => a.length), groups * channels];
        const filterShape = [...axes.map((a) => a.window), channels, groups * filters];
        const wanted = plain(geometry, whole(imageShape, salt), whole(filterShape, salt + 7), (n) =>
          whole([n], salt + 3),
        );
        const options = {
          groups,
          strides: axes.map((a) => a.stride),
          dilation: axes.map((a) => a.dilation),
          padding: axes.map((a) => a.padding),
        };
        const x = variable(wholeTensor(imageShape, salt, dtype));
        const w = variable(wholeTensor(filterShape, salt + 7, dtype));
        const bias = variable(wholeTensor([groups * filters], salt + 1, dtype));
        expectExactly(apply(x, w, options), wanted.shape, wanted.y);
        const y = apply(x, w, { ...options, bias });
        expectExactly(y.sub(bias), wanted.shape, wanted.y);
        const g = wholeTensor(wanted.shape, salt + 3, dtype);
        const [dx, dw, db] = gradients(y.mul(g).sum(), [x, w, bias]) as [Tensor, Tensor, Tensor];
        expectExactly(dx, imageShape, wanted.dx);
        expectExactly(dw, filterShape, wanted.dw);
        expectExactly(db, bias.shape, [
          ...g
            .reshape([sizeOf(wanted.shape.slice(0, -1)), bias.size])
            .sum(0)
            .data(),
        ]);
      }),
      60,
    );
  });

  test("is a product with the windows' matrix and with its own; the transposed one is the adjoint", () => {
    always(
      fc.property(geometries(rank), floating, ({ batch, axes, channels, filters, salt }, dtype) => {
        const lengths = axes.map((a) => a.length);
        const windows = axes.map((a) => a.window);
        const options = {
          strides: axes.map((a) => a.stride),
          dilation: axes.map((a) => a.dilation),
          padding: axes.map((a) => a.padding),
        };
        const x = wholeTensor([batch, ...lengths, channels], salt, dtype);
        const w = wholeTensor([...windows, channels, filters], salt + 7, dtype);
        const y = apply(x, w, options);
        const depth = sizeOf(windows) * channels;
        const numbers = [...y.data()];
        expectExactly(im2col(x, windows, options).matmul(w.reshape([depth, filters])), y.shape, numbers);
        const matrix = convolutionMatrix(w, [...lengths, channels], options);
        const flat = x.reshape([batch, sizeOf(lengths) * channels]);
        expectExactly(flat.matmul(matrix.transpose()).reshape(y.shape), y.shape, numbers);

        // ⟨conv(x), b⟩ = ⟨x, convᵀ(b)⟩, with what the strides leave over as output padding.
        const b = wholeTensor(y.shape, salt + 3, dtype);
        const outputPadding = axes.map((a, i) => {
          const span = (a.window - 1) * a.dilation + 1;
          return a.length - ((y.shape[i + 1]! - 1) * a.stride + span - a.padding[0] - a.padding[1]);
        });
        const back = adjoint(b, w, { ...options, outputPadding });
        expect(back.shape).toEqual(x.shape);
        const dot = (p: Tensor, q: Tensor) => p.cast("float64").mul(q.cast("float64")).sum().item();
        expect(dot(back, x)).toBe(dot(y, b));
      }),
      60,
    );
  });

  test("same padding keeps ⌈length / stride⌉ places, all but half of it behind", () => {
    always(
      fc.property(geometries(rank), ({ axes, salt }) => {
        const lengths = axes.map((a) => a.length);
        const x = wholeTensor([1, ...lengths, 1], salt);
        const w = wholeTensor([...axes.map((a) => a.window), 1, 1], salt + 7);
        const strides = axes.map((a) => a.stride);
        const padding = axes.map((a): [number, number] => {
          const places = Math.ceil(a.length / a.stride);
          const needed = Math.max(0, (places - 1) * a.stride + a.window - a.length);
          return [Math.floor(needed / 2), needed - Math.floor(needed / 2)];
        });
        const y = apply(x, w, { strides, padding: "same" });
        expectExactly(
          y,
          [1, ...axes.map((a) => Math.ceil(a.length / a.stride)), 1],
          [...apply(x, w, { strides, padding }).data()],
        );
      }),
      40,
    );
  });
});

test("convolve turns the filter around, correlate does not", () => {
  const length = fc.integer({ min: 1, max: 9 });
  always(
    fc.property(length, length, fc.nat(50), (n, m, salt) => {
      const [a, b] = [whole([n], salt), whole([m], salt + 7)];
      const full = new Array<number>(n + m - 1).fill(0);
      a.forEach((p, i) => {
        b.forEach((q, j) => {
          full[i + j]! += p * q;
        });
      });
      const [x, w] = [wholeTensor([n], salt), wholeTensor([m], salt + 7)];
      expectExactly(convolve(x, w), [n + m - 1], full);
      expectExactly(convolve(w, x), [n + m - 1], full);
      expectExactly(correlate(x, w.at("::-1"), "full"), [n + m - 1], full);
      if (n >= m) expectExactly(convolve(x, w, "valid"), [n - m + 1], full.slice(m - 1, n));
      const column = convolve2d(x.reshape([n, 1]), w.reshape([m, 1]));
      expectExactly(column, [n + m - 1, 1], full);
    }),
  );
});
