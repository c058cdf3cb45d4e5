// Convolution and pooling, forward and backward, against plain loops: strides, padding, odd numbers of channels.
import { beforeAll, describe, expect, it } from "vitest";
import type { Convolution, Window } from "../../../lib/engine/core.ts";
import type { ComputeEngine } from "../../../lib/engine/engine.ts";
import { distance, engines, freeAll, get, numbers, put, room } from "./blocks.ts";

type Padding = "valid" | "same";

function geometry(
  [batch, height, width, channels]: readonly number[],
  [windowHeight, windowWidth]: readonly number[],
  [strideY, strideX]: readonly number[],
  padding: Padding,
): Window {
  const along = (size: number, window: number, stride: number) => {
    const out = padding === "same" ? Math.ceil(size / stride) : Math.floor((size - window) / stride) + 1;
    return { out, before: padding === "same" ? Math.max(0, (out - 1) * stride + window - size) >> 1 : 0 };
  };
  const y = along(height!, windowHeight!, strideY!);
  const x = along(width!, windowWidth!, strideX!);
  return {
    ...{ batch: batch!, height: height!, width: width!, channels: channels! },
    ...{ windowHeight: windowHeight!, windowWidth: windowWidth!, strideY: strideY!, strideX: strideX! },
    ...{ padTop: y.before, padLeft: x.before, outHeight: y.out, outWidth: x.out },
  };
}

/** Calls visit(input index, output index, place in the window) for every cell of every window that lies in the image. */
function walk(g: Window, visit: (input: number, output: number, tap: number) => void): void {
  for (let b = 0; b < g.batch; b++) {
    for (let oy = 0; oy < g.outHeight; oy++) {
      for (let ox = 0; ox < g.outWidth; ox++) {
        for (let ky = 0; ky < g.windowHeight; ky++) {
          for (let kx = 0; kx < g.windowWidth; kx++) {
            const iy = oy * g.strideY - g.padTop + ky;
            const ix = ox * g.strideX - g.padLeft + kx;
            if (iy < 0 || iy >= g.height || ix < 0 || ix >= g.width) continue;
            visit(
              (b * g.height + iy) * g.width + ix,
              (b * g.outHeight + oy) * g.outWidth + ox,
              ky * g.windowWidth + kx,
            );
          }
        }
      }
    }
  }
}

function inputSize(g: Window): number {
  return g.batch * g.height * g.width * g.channels;
}

function outputPixels(g: Window): number {
  return g.batch * g.outHeight * g.outWidth;
}

let all: { name: string; engine: ComputeEngine }[];
beforeAll(async () => {
  all = await engines();
});

const convolutions: [string, number[], number[], number[], Padding, number][] = [
  ["one pixel", [1, 1, 1, 1], [1, 1], [1, 1], "valid", 1],
  ["3×3 valid, one channel", [2, 9, 8, 1], [3, 3], [1, 1], "valid", 5],
  ["3×3 same, odd channels", [3, 7, 6, 5], [3, 3], [1, 1], "same", 19],
  ["3×3 valid, 32 to 16", [4, 11, 11, 32], [3, 3], [1, 1], "valid", 16],
  ["5×3 same, stride 2×1", [2, 10, 9, 3], [5, 3], [2, 1], "same", 20],
  ["2×2 valid, stride 2", [3, 9, 7, 8], [2, 2], [2, 2], "valid", 33],
  ["4×4 same, stride 3", [1, 14, 13, 2], [4, 4], [3, 3], "same", 7],
  ["1×1", [2, 5, 5, 24], [1, 1], [1, 1], "valid", 32],
  ["small maps of many images", [40, 5, 5, 16], [3, 3], [1, 1], "valid", 24],
];

describe("conv2d", () => {
  for (const [name, image, window, strides, padding, filters] of convolutions) {
    it(name, () => {
      const g: Convolution = { ...geometry(image, window, strides, padding), filters };
      const taps = g.windowHeight * g.windowWidth;
      const x = numbers(inputSize(g), 1);
      const w = numbers(taps * g.channels * filters, 2).map((v) => v / Math.sqrt(taps * g.channels));
      const bias = numbers(filters, 3);
      const dy = numbers(outputPixels(g) * filters, 4);
      const mask = numbers(inputSize(g), 5);
      const y = new Array<number>(outputPixels(g) * filters).fill(0).map((_, i) => bias[i % filters]!);
      const dx = new Array<number>(x.length).fill(0);
      const dw = new Array<number>(w.length).fill(0);
      walk(g, (input, output, tap) => {
        for (let c = 0; c < g.channels; c++) {
          for (let f = 0; f < filters; f++) {
            const weight = (tap * g.channels + c) * filters + f;
            y[output * filters + f]! += x[input * g.channels + c]! * w[weight]!;
            dx[input * g.channels + c]! += dy[output * filters + f]! * w[weight]!;
            dw[weight]! += dy[output * filters + f]! * x[input * g.channels + c]!;
          }
        }
      });
      const rectified = y.map((value) => Math.max(value, 0));
      const masked = dx.map((value, i) => (mask[i]! > 0 ? value : 0));
      let first: number[][] | null = null;
      for (const { engine } of all) {
        const [px, pw, pb, pdy, pm] = [x, w, bias, dy, mask].map((values) => put(engine, values)) as [
          ...[number, number, number, number, number],
        ];
        const [py, pdx, pdw] = [y, dx, dw].map((values) => room(engine, values.length)) as [
          number,
          number,
          number,
        ];
        engine.conv2d(g, px, pw, pb, py, true);
        const results = [get(engine, py, y.length)];
        expect(distance(results[0]!, rectified)).toBeLessThan(1e-5);
        engine.conv2d(g, px, pw, pb, py, false);
        expect(distance(get(engine, py, y.length), y)).toBeLessThan(1e-5);
        engine.conv2dInputGradient(g, pdy, pw, pdx);
        results.push(get(engine, pdx, dx.length));
        expect(distance(results[1]!, dx)).toBeLessThan(1e-5);
        engine.conv2dInputGradient(g, pdy, pw, pdx, pm);
        expect(distance(get(engine, pdx, dx.length), masked)).toBeLessThan(1e-5);
        engine.conv2dFilterGradient(g, px, pdy, pdw);
        results.push(get(engine, pdw, dw.length));
        expect(distance(results[2]!, dw)).toBeLessThan(1e-4);
        first ??= results;
        expect(results).toEqual(first);
        freeAll(engine, px, pw, pb, pdy, pm, py, pdx, pdw);
      }
    });
  }
});

const pools: [string, number[], number[], number[], Padding][] = [
  ["2×2", [3, 6, 8, 32], [2, 2], [2, 2], "valid"],
  ["2×2 with odd edges and channels", [2, 7, 5, 11], [2, 2], [2, 2], "valid"],
  ["2×2 same with odd edges", [2, 7, 5, 3], [2, 2], [2, 2], "same"],
  ["3×3 overlapping", [2, 9, 9, 6], [3, 3], [2, 2], "valid"],
  ["3×2 same, stride 1", [1, 5, 6, 5], [3, 2], [1, 1], "same"],
  ["large batch", [40, 26, 26, 8], [2, 2], [2, 2], "valid"],
];

describe("maxPool2d", () => {
  for (const [name, image, window, strides, padding] of pools) {
    it(name, () => {
      const g = geometry(image, window, strides, padding);
      const c = g.channels;
      // Few different values, so that ties are frequent.
      const x = numbers(inputSize(g), 7).map((value) => Math.round(value * 3));
      const dy = numbers(outputPixels(g) * c, 8);
      const y = new Array<number>(dy.length).fill(Number.NEGATIVE_INFINITY);
      const winner = new Array<number>(dy.length).fill(-1);
      walk(g, (input, output) => {
        for (let i = 0; i < c; i++) {
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
        engine.maxPool2d(g, px, py);
        expect(distance(get(engine, py, y.length), y)).toBe(0);
        engine.maxPool2dGradient(g, px, py, pdy, pdx);
        expect(distance(get(engine, pdx, x.length), dx)).toBeLessThan(1e-6);
        engine.maxPool2dGradient(g, px, py, pdy, pdx, true);
        expect(distance(get(engine, pdx, x.length), rectified)).toBeLessThan(1e-6);
        freeAll(engine, ...pointers);
      }
    });
  }
});
