// Convolution and pooling, forward and backward, against plain loops: any strides, padding, dilation, groups, one to three
// dimensions, odd numbers of channels; and the same bits on all engines.
import { beforeAll, describe, expect, it } from "vitest";
import type { Convolution, Window, WindowAxis } from "../../../lib/engine/core.ts";
import type { ComputeEngine } from "../../../lib/engine/engine.ts";
import { distance, engines, freeAll, get, numbers, put, room } from "./blocks.ts";

/** length, window, and what differs from stride 1, dilation 1, no padding before and after. */
type Along = [
  length: number,
  window: number,
  stride?: number,
  dilation?: number,
  before?: number,
  after?: number,
];

function axis([length, window, stride = 1, dilation = 1, before = 0, after = 0]: Along): WindowAxis {
  const span = (window - 1) * dilation + 1;
  const positions = Math.floor((length + before + after - span) / stride) + 1;
  return { length, window, stride, dilation, before, positions };
}

function geometry(batch: number, channels: number, ...along: Along[]): Window {
  const axes = along.map(axis);
  while (axes.length < 3) axes.unshift(axis([1, 1]));
  return { batch, channels, axes: axes as unknown as Window["axes"] };
}

/** Calls visit(input pixel, output pixel, place in the window) for every cell of every window that lies in the image. */
function walk(g: Window, visit: (input: number, output: number, tap: number) => void): void {
  const cells = g.axes.map(({ length, window, stride, dilation, before, positions }) => {
    const found: [input: number, output: number, tap: number][] = [];
    for (let output = 0; output < positions; output++) {
      for (let tap = 0; tap < window; tap++) {
        const input = output * stride - before + tap * dilation;
        if (input >= 0 && input < length) found.push([input, output, tap]);
      }
    }
    return found;
  }) as [number, number, number][][];
  const [depth, height, width] = g.axes;
  for (let b = 0; b < g.batch; b++) {
    for (const [iz, oz, kz] of cells[0]!) {
      for (const [iy, oy, ky] of cells[1]!) {
        for (const [ix, ox, kx] of cells[2]!) {
          visit(
            ((b * depth.length + iz) * height.length + iy) * width.length + ix,
            ((b * depth.positions + oz) * height.positions + oy) * width.positions + ox,
            (kz * height.window + ky) * width.window + kx,
          );
        }
      }
    }
  }
}

function inputSize(g: Window): number {
  return g.axes.reduce((size, a) => size * a.length, g.batch * g.channels);
}

function outputPixels(g: Window): number {
  return g.axes.reduce((size, a) => size * a.positions, g.batch);
}

let all: { name: string; engine: ComputeEngine }[];
beforeAll(async () => {
  all = await engines();
});

const convolutions: [name: string, geometry: Window, filters: number, groups?: number][] = [
  ["one pixel", geometry(1, 1, [1, 1], [1, 1]), 1],
  ["no images", geometry(0, 3, [5, 3], [5, 3]), 4],
  ["3×3 valid, one channel", geometry(2, 1, [9, 3], [8, 3]), 5],
  ["3×3 same, odd channels", geometry(3, 5, [7, 3, 1, 1, 1, 1], [6, 3, 1, 1, 1, 1]), 19],
  ["3×3 valid, 32 to 16", geometry(4, 32, [11, 3], [11, 3]), 16],
  ["3×3 same, 32 to 32, many images", geometry(30, 32, [13, 3, 1, 1, 1, 1], [13, 3, 1, 1, 1, 1]), 32],
  ["5×3 same, stride 2×1", geometry(2, 3, [10, 5, 2, 1, 1, 2], [9, 3, 1, 1, 1, 1]), 20],
  ["2×2 valid, stride 2", geometry(3, 8, [9, 2, 2], [7, 2, 2]), 33],
  ["4×4 same, stride 3", geometry(1, 2, [14, 4, 3, 1, 1, 1], [13, 4, 3, 1, 1, 2]), 7],
  ["stride beyond the window", geometry(2, 24, [11, 2, 4], [12, 1, 3]), 17],
  ["3×3, stride 2, padded, 24 channels", geometry(2, 24, [12, 3, 2, 1, 1, 1], [11, 3, 2, 1, 1, 1]), 24],
  ["1×1", geometry(2, 24, [5, 1], [5, 1]), 32],
  ["1×1, many pixels", geometry(2, 70, [36, 1], [37, 1]), 66],
  ["1×1, padded", geometry(2, 5, [5, 1, 1, 1, 1, 0], [5, 1, 1, 1, 0, 1]), 7],
  ["1×1, stride 2", geometry(2, 24, [5, 1, 2], [6, 1, 2]), 32],
  ["onto 3 filters, 31 channels", geometry(3, 31, [14, 3, 1, 1, 1, 1], [13, 5, 1, 1, 2, 2]), 3],
  ["onto 1 filter, dilation 2×3, stride 2", geometry(2, 45, [15, 3, 2, 2, 2, 1], [17, 3, 2, 3, 3, 2]), 1],
  ["onto 4 filters of volumes", geometry(2, 24, [5, 3, 1, 1, 1, 1], [9, 3], [11, 2, 1, 2, 1, 0]), 4],
  ["onto 2 filters of a sequence", geometry(3, 70, [50, 5, 1, 1, 4, 0]), 2],
  ["from 3 channels, many filters", geometry(2, 3, [14, 5, 2, 1, 2, 1], [13, 5, 1, 1, 2, 2]), 70],
  // From here on Winograd's, in whole tiles and remnants of 1 to 3 cells.
  ["3×3 valid, 64 to 24, thin last tiles", geometry(4, 64, [13, 3], [13, 3]), 24],
  ["3×3 valid, 16 to 40, thin in one axis", geometry(5, 16, [12, 3], [17, 3]), 40],
  ["3×3 same, one image", geometry(1, 24, [27, 3, 1, 1, 1, 1], [30, 3, 1, 1, 1, 1]), 16],
  ["3×3, wide and uneven padding", geometry(6, 16, [10, 3, 1, 1, 4, 0], [11, 3, 1, 1, 0, 7]), 24],
  ["3×3 same, 16 to 24, many small maps", geometry(70, 16, [7, 3, 1, 1, 1, 1], [8, 3, 1, 1, 1, 1]), 24],
  ["3×3 valid, 72 to 136, many tiles", geometry(5, 72, [30, 3], [27, 3]), 136],
  ["3×3 full, 72 to 136", geometry(3, 72, [12, 3, 1, 1, 2, 2], [14, 3, 1, 1, 2, 2]), 136],
  ["3×3 in each slice of a volume", geometry(2, 16, [3, 1], [11, 3, 1, 1, 1, 1], [12, 3]), 16],
  ["3×3 same, 512 channels", geometry(4, 512, [8, 3, 1, 1, 1, 1], [16, 3, 1, 1, 1, 1]), 16],
  ["3×3 same, 512 filters", geometry(4, 16, [8, 3, 1, 1, 1, 1], [16, 3, 1, 1, 1, 1]), 512],
  ["small maps of many images", geometry(40, 16, [5, 3], [5, 3]), 24],
  ["dilation 2, few channels", geometry(2, 3, [9, 3, 1, 2], [10, 3, 1, 2]), 6],
  ["dilation 2×3, padded, 25 channels", geometry(2, 25, [9, 3, 1, 2, 2, 2], [12, 3, 1, 3, 3, 1]), 18],
  ["dilation 2 with stride 3", geometry(1, 24, [17, 3, 3, 2, 1, 4], [19, 4, 3, 2, 2, 2]), 16],
  ["dilation 4 with stride 2", geometry(1, 6, [17, 3, 2, 4, 4, 4], [19, 3, 2, 4]), 5],
  ["padding wider than the window", geometry(1, 4, [3, 2, 1, 1, 4, 3], [4, 2, 1, 1, 0, 5]), 3],
  ["a window as large as the padded image", geometry(2, 4, [3, 5, 1, 1, 1, 1], [4, 6, 1, 1, 2, 0]), 3],
  ["two groups of 24", geometry(2, 48, [7, 3, 1, 1, 1, 1], [8, 3, 1, 1, 1, 1]), 40, 2],
  ["three groups of 2, stride 2", geometry(2, 6, [7, 3, 2, 1, 1, 1], [8, 2, 2]), 9, 3],
  ["depthwise", geometry(3, 13, [9, 3, 1, 1, 1, 1], [8, 3, 1, 1, 1, 1]), 13, 13],
  [
    "depthwise, stride 2, dilation 3, 40 channels",
    geometry(2, 40, [15, 3, 2, 3, 3, 2], [14, 3, 2, 3, 1, 1]),
    40,
    40,
  ],
  ["a filter a channel and more", geometry(2, 3, [6, 3], [7, 3]), 6, 3],
  ["a sequence", geometry(3, 24, [50, 5, 1, 1, 4, 0]), 16],
  ["a long sequence of one channel", geometry(2, 1, [3000, 9, 1, 1, 4, 4]), 8],
  ["a very long sequence", geometry(1, 16, [30000, 3, 1, 1, 2, 0]), 8],
  ["a column", geometry(3, 24, [50, 5, 1, 1, 4, 0], [1, 1]), 16],
  ["volumes", geometry(2, 4, [5, 3], [6, 3], [7, 3]), 9],
  [
    "volumes, 24 channels, padded",
    geometry(2, 24, [5, 3, 1, 1, 1, 1], [6, 3, 1, 1, 1, 1], [7, 3, 1, 1, 1, 1]),
    16,
  ],
  ["volumes, stride 2, dilation 2", geometry(1, 24, [9, 3, 2, 2, 2, 2], [8, 2, 2], [9, 3, 1, 2, 1, 1]), 17],
  ["large windows gathered in parts", geometry(2, 600, [6, 6, 1, 1, 2, 2], [6, 6, 1, 1, 2, 2]), 4],
];

describe("convolution", () => {
  for (const [name, window, filters, groups = 1] of convolutions) {
    it(name, () => {
      const g: Convolution = { ...window, filters, groups };
      const taps = g.axes.reduce((product, a) => product * a.window, 1);
      const channels = g.channels / groups;
      const own = filters / groups;
      const x = numbers(inputSize(g), 1);
      const w = numbers(taps * channels * filters, 2).map((v) => v / Math.sqrt(taps * channels));
      const bias = numbers(filters, 3);
      const dy = numbers(outputPixels(g) * filters, 4);
      const y = new Array<number>(outputPixels(g) * filters).fill(0).map((_, i) => bias[i % filters]!);
      const dx = new Array<number>(x.length).fill(0);
      const dw = new Array<number>(w.length).fill(0);
      walk(g, (input, output, tap) => {
        for (let c = 0; c < g.channels; c++) {
          const group = Math.floor(c / channels);
          const value = x[input * g.channels + c]!;
          let sum = 0;
          for (let f = group * own; f < (group + 1) * own; f++) {
            const weight = (tap * channels + (c % channels)) * filters + f;
            const gradient = dy[output * filters + f]!;
            y[output * filters + f]! += value * w[weight]!;
            sum += gradient * w[weight]!;
            dw[weight]! += gradient * value;
          }
          dx[input * g.channels + c]! += sum;
        }
      });
      const rectified = y.map((value) => Math.max(value, 0));
      let first: number[][] | null = null;
      for (const { engine } of all) {
        const [px, pw, pb, pdy] = [x, w, bias, dy].map((values) => put(engine, values)) as [
          ...[number, number, number, number],
        ];
        const [py, pdx, pdw] = [y, dx, dw].map((values) => room(engine, values.length)) as [
          ...[number, number, number],
        ];
        engine.windows.convolve(g, px, pw, pb, py, true);
        const results = [get(engine, py, y.length)];
        expect(distance(results[0]!, rectified)).toBeLessThan(1e-5);
        engine.windows.convolve(g, px, pw, pb, py, false);
        expect(distance(get(engine, py, y.length), y)).toBeLessThan(1e-5);
        engine.windows.convolveInputGradient(g, pdy, pw, pdx);
        results.push(get(engine, pdx, dx.length));
        // The weights are scaled for sums over the channels; these run over the filters.
        expect(distance(results[1]!, dx)).toBeLessThan(1e-5 * Math.max(1, Math.sqrt(own / channels)));
        engine.windows.convolveFilterGradient(g, px, pdy, pdw);
        results.push(get(engine, pdw, dw.length));
        // Sums over all pixels: the error grows with the root of their number.
        expect(distance(results[2]!, dw)).toBeLessThan(2e-6 * (10 + Math.sqrt(outputPixels(g))));
        first ??= results;
        expect(results.every((values, i) => values.every((v, j) => Object.is(v, first![i]![j])))).toBe(true);
        freeAll(engine, px, pw, pb, pdy, py, pdx, pdw);
      }
    });
  }
});

const pools: [string, Window][] = [
  ["2×2", geometry(3, 32, [6, 2, 2], [8, 2, 2])],
  ["2×2 with odd edges and channels", geometry(2, 11, [7, 2, 2], [5, 2, 2])],
  ["2×2 same with odd edges", geometry(2, 3, [7, 2, 2, 1, 0, 1], [5, 2, 2, 1, 0, 1])],
  ["3×3 overlapping", geometry(2, 6, [9, 3, 2], [9, 3, 2])],
  ["3×3 overlapping, 40 channels, padded", geometry(2, 40, [9, 3, 2, 1, 1, 1], [8, 3, 1, 1, 1, 1])],
  ["3×2 same, stride 1", geometry(1, 5, [5, 3, 1, 1, 1, 1], [6, 2, 1, 1, 0, 1])],
  ["large batch", geometry(40, 8, [26, 2, 2], [26, 2, 2])],
  ["dilated", geometry(2, 9, [9, 3, 2, 2], [9, 2, 1, 3, 1, 1])],
  ["a sequence", geometry(2, 9, [20, 3, 2])],
  ["volumes", geometry(2, 9, [6, 2, 2], [7, 3, 2, 1, 1, 1], [5, 2, 1])],
];

describe("pooling", () => {
  for (const [name, g] of pools) {
    it(name, () => {
      const c = g.channels;
      // Few different values, so that ties are frequent.
      const x = numbers(inputSize(g), 7).map((value) => Math.round(value * 3));
      const dy = numbers(outputPixels(g) * c, 8);
      const y = new Array<number>(dy.length).fill(Number.NEGATIVE_INFINITY);
      const winner = new Array<number>(dy.length).fill(-1);
      const sums = new Array<number>(dy.length).fill(0);
      const spread = new Array<number>(x.length).fill(0);
      walk(g, (input, output) => {
        for (let i = 0; i < c; i++) {
          sums[output * c + i]! += 0.25 * x[input * c + i]!;
          spread[input * c + i]! += 0.25 * dy[output * c + i]!;
          if (x[input * c + i]! <= y[output * c + i]!) continue;
          y[output * c + i] = x[input * c + i]!;
          winner[output * c + i] = input * c + i;
        }
      });
      const dx = new Array<number>(x.length).fill(0);
      const rectified = new Array<number>(x.length).fill(0);
      winner.forEach((place, i) => {
        dx[place]! += dy[i]!;
        if (y[i]! > 0) rectified[place]! += dy[i]!;
      });
      for (const { engine } of all) {
        const pointers = [
          put(engine, x),
          room(engine, y.length),
          put(engine, dy),
          room(engine, x.length),
        ] as const;
        const [px, py, pdy, pdx] = pointers;
        engine.windows.maxPool(g, px, py);
        expect(distance(get(engine, py, y.length), y)).toBe(0);
        engine.windows.maxPoolGradient(g, px, py, pdy, pdx);
        expect(distance(get(engine, pdx, x.length), dx)).toBeLessThan(1e-6);
        engine.windows.maxPoolGradient(g, px, py, pdy, pdx, true);
        expect(distance(get(engine, pdx, x.length), rectified)).toBeLessThan(1e-6);
        const winners = room(engine, y.length);
        engine.windows.maxPoolWinners(g, px, py, winners);
        expect(Array.from(engine.memory.int32(winners, y.length))).toEqual(winner);
        engine.windows.sumPool(g, px, py, 0.25);
        expect(distance(get(engine, py, y.length), sums)).toBeLessThan(1e-6);
        engine.windows.sumPoolGradient(g, pdy, pdx, 0.25);
        expect(distance(get(engine, pdx, x.length), spread)).toBeLessThan(1e-6);
        freeAll(engine, ...pointers, winners);
      }
    });
  }

  it.each([1, 9])("a NaN is the maximum and takes the gradient, %i channels", (channels) => {
    const g = geometry(1, channels, [2, 2, 2], [2, 2, 2]);
    const x = Array.from({ length: 4 * channels }, (_, i) =>
      i < 2 * channels && i >= channels ? Number.NaN : i,
    );
    for (const { engine } of all) {
      const pointers = [
        put(engine, x),
        room(engine, channels),
        put(engine, new Array(channels).fill(5)),
        room(engine, x.length),
      ] as const;
      engine.windows.maxPool(g, pointers[0], pointers[1]);
      expect(get(engine, pointers[1], channels)).toEqual(new Array(channels).fill(Number.NaN));
      engine.windows.maxPoolGradient(g, ...pointers);
      expect(get(engine, pointers[3], x.length)).toEqual(x.map((v) => (Number.isNaN(v) ? 5 : 0)));
      freeAll(engine, ...pointers);
    }
  });
});
