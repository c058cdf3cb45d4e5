// How exact Winograd's convolution is beside the direct sum, on random sizes, and how far a NaN or an infinity reaches.
import { expect, it } from "vitest";
import type { Convolution, WindowAxis } from "../../../lib/engine/core.ts";
import { ComputeEngine } from "../../../lib/engine/engine.ts";
import { freeAll, get, numbers, put, room } from "./blocks.ts";

const single: WindowAxis = { length: 1, window: 1, stride: 1, dilation: 1, before: 0, positions: 1 };

function axis(length: number, before: number, after: number): WindowAxis {
  return { length, window: 3, stride: 1, dilation: 1, before, positions: length + before + after - 2 };
}

function geometry(batch: number, channels: number, filters: number, height: WindowAxis, width: WindowAxis) {
  return { batch, channels, axes: [single, height, width], filters, groups: 1 } satisfies Convolution;
}

/** The convolution of one output channel, summed with `round` after each step. */
function direct(
  g: Convolution,
  x: Float32Array,
  w: Float32Array,
  filter: number,
  round: (value: number) => number,
): number[] {
  const [, height, width] = g.axes;
  const sums: number[] = [];
  for (let b = 0; b < g.batch; b++) {
    for (let oy = 0; oy < height.positions; oy++) {
      for (let ox = 0; ox < width.positions; ox++) {
        let sum = 0;
        for (let tap = 0; tap < 9; tap++) {
          const y = oy - height.before + Math.floor(tap / 3);
          const column = ox - width.before + (tap % 3);
          if (y < 0 || y >= height.length || column < 0 || column >= width.length) continue;
          const cell = ((b * height.length + y) * width.length + column) * g.channels;
          for (let c = 0; c < g.channels; c++) {
            sum = round(sum + x[cell + c]! * w[(tap * g.channels + c) * g.filters + filter]!);
          }
        }
        sums.push(sum);
      }
    }
  }
  return sums;
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

it("errs at most four times as much as the direct sum in float32", () => {
  const engine = new ComputeEngine({ threads: 1 });
  const choose = numbers(200, 5);
  let next = 0;
  const upTo = (n: number) => Math.floor(((choose[next++]! + 1) / 2) * n);
  for (let round = 0; round < 20; round++) {
    const channels = 8 * (2 + upTo(30));
    const along = () => axis(11 + upTo(20), upTo(3), upTo(3));
    const g = geometry(2 + upTo(3), channels, 8 * (2 + upTo(5)), along(), along());
    const [, height, width] = g.axes as [WindowAxis, WindowAxis, WindowAxis];
    const x = numbers(g.batch * height.length * width.length * channels, round + 1);
    const w = numbers(9 * channels * g.filters, round + 100);
    const outputs = g.batch * height.positions * width.positions;
    const [px, pw, py] = [put(engine, x), put(engine, w), room(engine, outputs * g.filters)] as const;
    engine.windows.convolve(g, px, pw, 0, py, false);
    const y = get(engine, py, outputs * g.filters);
    freeAll(engine, px, pw, py);
    const filter = upTo(g.filters);
    const exact = direct(g, x, w, filter, (value) => value);
    const rounded = direct(g, x, w, filter, Math.fround);
    const own = rms(exact.map((value, i) => y[i * g.filters + filter]! - value));
    expect(own / rms(exact)).toBeLessThan(4e-6);
    expect(own).toBeLessThan(4 * rms(exact.map((value, i) => rounded[i]! - value)));
  }
});

it("errs as little in the gradient for the filters", () => {
  const engine = new ComputeEngine({ threads: 1 });
  for (const before of [0, 1]) {
    const g = geometry(30, 16, 24, axis(13, before, before), axis(18, before, 1));
    const [, height, width] = g.axes as [WindowAxis, WindowAxis, WindowAxis];
    const x = numbers(g.batch * height.length * width.length * g.channels, 3);
    const dy = numbers(g.batch * height.positions * width.positions * g.filters, 4);
    const [px, pdy, pdw] = [
      put(engine, x),
      put(engine, dy),
      room(engine, 9 * g.channels * g.filters),
    ] as const;
    engine.windows.convolveFilterGradient(g, px, pdy, pdw);
    const dw = get(engine, pdw, 9 * g.channels * g.filters);
    freeAll(engine, px, pdy, pdw);
    const exact: number[] = [];
    const errors: number[] = [];
    for (let tap = 0; tap < 9; tap++) {
      for (let channel = 0; channel < g.channels; channel += 5) {
        const filter = (7 * tap + channel) % g.filters;
        let sum = 0;
        for (let b = 0; b < g.batch; b++) {
          for (let oy = 0; oy < height.positions; oy++) {
            for (let ox = 0; ox < width.positions; ox++) {
              const y = oy - before + Math.floor(tap / 3);
              const column = ox - before + (tap % 3);
              if (y < 0 || y >= height.length || column < 0 || column >= width.length) continue;
              const cell = ((b * height.length + y) * width.length + column) * g.channels + channel;
              const output = ((b * height.positions + oy) * width.positions + ox) * g.filters + filter;
              sum += x[cell]! * dy[output]!;
            }
          }
        }
        exact.push(sum);
        errors.push(dw[(tap * g.channels + channel) * g.filters + filter]! - sum);
      }
    }
    // The direct sum in float32: 3e-7.
    expect(rms(errors) / rms(exact)).toBeLessThan(1.5e-6);
  }
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])("%d stays in the tiles that read it", (bad) => {
  const engine = new ComputeEngine({ threads: 1 });
  const g = geometry(2, 16, 16, axis(20, 1, 1), axis(20, 1, 1));
  const x = numbers(2 * 400 * 16);
  // Image 0, cell (9, 6): windows of rows 8 to 10 and columns 5 to 7 see it, in the tiles of rows 8 to 11 and columns 4 to 7.
  x[(9 * 20 + 6) * 16 + 3] = bad;
  const [px, pw, py] = [put(engine, x), put(engine, numbers(9 * 16 * 16, 2)), room(engine, 2 * 400 * 16)];
  engine.windows.convolve(g, px!, pw!, 0, py!, false);
  const y = get(engine, py!, 2 * 400 * 16);
  for (let pixel = 0; pixel < 800; pixel++) {
    const row = Math.floor(pixel / 20);
    const column = pixel % 20;
    const tile = row >= 8 && row < 12 && column >= 4 && column < 8;
    const window = row >= 8 && row <= 10 && column >= 5 && column <= 7;
    for (let filter = 0; filter < 16; filter++) {
      const finite = Number.isFinite(y[pixel * 16 + filter]);
      if (window) expect(finite).toBe(false);
      if (!tile) expect(finite).toBe(true);
    }
  }
});
