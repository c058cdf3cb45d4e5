// Reductions, softmax, cross-entropy and the optimizers' steps against float64 references.
import { beforeAll, describe, expect, it } from "vitest";
import { Reduce } from "../../../lib/engine/core.ts";
import type { ComputeEngine } from "../../../lib/engine/engine.ts";
import { distance, engines, freeAll, get, numbers, put, putInts, room } from "./blocks.ts";

let all: { name: string; engine: ComputeEngine }[];
beforeAll(async () => {
  all = await engines();
});

const layouts = [
  [1, 1, 1],
  [3, 5, 1],
  [2, 4, 3],
  [1, 3000, 7],
  [70, 33, 9],
  [500, 300, 1],
  [1, 129, 1000],
  [3, 100000, 1],
] as const;

describe("reduce", () => {
  for (const [outer, axis, inner] of layouts) {
    it(`[${outer}, ${axis}, ${inner}]`, () => {
      const x = numbers(outer * axis * inner, 1).map((v) => Math.round(v * 1000) / 1000);
      const lists: number[][] = [];
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) {
          lists.push(Array.from({ length: axis }, (_, a) => x[(o * axis + a) * inner + i]!));
        }
      }
      const sum = (list: number[]) => list.reduce((total, v) => total + v, 0);
      const largest = (list: number[]) => list.reduce((a, b) => Math.max(a, b));
      const smallest = (list: number[]) => list.reduce((a, b) => Math.min(a, b));
      const wanted: [keyof typeof Reduce, number[], number][] = [
        ["sum", lists.map(sum), 2e-6 * Math.sqrt(axis)],
        ["mean", lists.map((list) => sum(list) / axis), 2e-7],
        ["max", lists.map(largest), 0],
        ["min", lists.map(smallest), 0],
        ["argMax", lists.map((list) => list.indexOf(largest(list))), 0],
        ["argMin", lists.map((list) => list.indexOf(smallest(list))), 0],
      ];
      for (const [op, values, tolerance] of wanted) {
        let first: number[] | null = null;
        for (const { engine } of all) {
          const px = put(engine, x);
          const py = room(engine, outer * inner);
          engine.core.reduce(Reduce[op], px, py, outer, axis, inner);
          const result = op.startsWith("arg")
            ? Array.from(engine.memory.int32(py, outer * inner))
            : get(engine, py, outer * inner);
          expect(distance(result, values), op).toBeLessThanOrEqual(tolerance);
          first ??= result;
          expect(result).toEqual(first);
          freeAll(engine, px, py);
        }
      }
    });
  }

  it("sums a million numbers to almost float64 accuracy, with the same bits on any number of threads", () => {
    const x = numbers(1_000_003, 2).map((v) => v + 1);
    let exact = 0;
    let squares = 0;
    for (const value of x) {
      exact += value;
      squares += value * value;
    }
    const results = all.map(({ engine }) => {
      const px = put(engine, x);
      const pair = [engine.core.sum(px, x.length), engine.core.squaredNorm(px, x.length)];
      freeAll(engine, px);
      return pair;
    });
    for (const result of results) expect(result).toEqual(results[0]);
    expect(Math.abs(results[0]![0]! / exact - 1)).toBeLessThan(1e-7);
    expect(Math.abs(results[0]![1]! / squares - 1)).toBeLessThan(1e-7);
  });

  it("gives NaN and its first place where one is, at any place and in any layout", () => {
    for (const { engine } of all) {
      for (const inner of [1, 3, 37]) {
        const axis = 41;
        for (const places of [[0], [40], [7, 33], [16]]) {
          const x = numbers(axis * inner, 5);
          for (const place of places) x[place * inner + inner - 1] = Number.NaN;
          const px = put(engine, x);
          const py = room(engine, inner);
          for (const op of ["max", "min"] as const) {
            engine.core.reduce(Reduce[op], px, py, 1, axis, inner);
            expect(get(engine, py, inner).map(Number.isNaN)).toEqual(
              Array.from({ length: inner }, (_, j) => j === inner - 1),
            );
          }
          for (const op of ["argMax", "argMin"] as const) {
            engine.core.reduce(Reduce[op], px, py, 1, axis, inner);
            expect(engine.memory.int32(py, inner)[inner - 1]).toBe(places[0]);
          }
          freeAll(engine, px, py);
        }
      }
    }
  });

  it("finds the extreme and a NaN at every place of rows of every length up to three vectors' strips", () => {
    for (const { engine } of all) {
      const py = room(engine, 2);
      for (let n = 1; n <= 48; n++) {
        const px = put(engine, new Float32Array(n));
        const x = engine.memory.float32(px, n);
        for (let place = 0; place < n; place++) {
          for (const [value, largest, smallest] of [
            [2, 2, n === 1 ? 2 : 0],
            [-2, n === 1 ? -2 : 0, -2],
            [Number.NaN, Number.NaN, Number.NaN],
          ] as const) {
            x[place] = value;
            engine.core.reduce(Reduce.max, px, py, 1, n, 1);
            engine.core.reduce(Reduce.min, px, py + 4, 1, n, 1);
            x[place] = 0;
            if (!Object.is(engine.memory.float32(py, 2)[0], largest)) expect({ n, place, value }).toBe("max");
            if (!Object.is(engine.memory.float32(py, 2)[1], smallest))
              expect({ n, place, value }).toBe("min");
          }
        }
        freeAll(engine, px);
      }
      freeAll(engine, py);
    }
  });

  it("gives neutral values for an empty axis", () => {
    const { engine } = all[0]!;
    const y = room(engine, 2);
    engine.core.reduce(Reduce.sum, y, y, 1, 0, 2);
    expect(get(engine, y, 2)).toEqual([0, 0]);
    engine.core.reduce(Reduce.max, y, y, 2, 0, 1);
    expect(get(engine, y, 2)).toEqual([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    engine.core.reduce(Reduce.mean, y, y, 2, 0, 1);
    expect(get(engine, y, 2)).toEqual([Number.NaN, Number.NaN]);
  });

  it("finds the first of equals and lets NaN win", () => {
    const { engine } = all[0]!;
    const x = put(engine, [1, 3, 3, 0, Number.NaN, 9]);
    const y = engine.memory.allocate(8);
    engine.core.reduce(Reduce.argMax, x, y, 2, 3, 1);
    expect(Array.from(engine.memory.int32(y, 2))).toEqual([1, 1]);
    engine.core.reduce(Reduce.max, x, y, 2, 3, 1);
    expect(get(engine, y, 2)).toEqual([3, Number.NaN]);
  });
});

function softmaxRow(row: number[]): number[] {
  const m = Math.max(...row);
  const e = row.map((v) => Math.exp(v - m));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / total);
}

function rowsOf(x: ArrayLike<number>, columns: number): number[][] {
  const list: number[][] = [];
  for (let i = 0; i < x.length; i += columns) list.push(Array.from(x).slice(i, i + columns));
  return list;
}

describe("softmax", () => {
  for (const [rows, columns] of [
    [1, 1],
    [4, 10],
    [3, 37],
    [400, 100],
  ] as const) {
    it(`[${rows}, ${columns}] with logarithm and gradients`, () => {
      const x = numbers(rows * columns, 3).map((v) => v * 20);
      const dy = numbers(rows * columns, 4);
      const p = rowsOf(x, columns).map(softmaxRow);
      for (const { engine } of all) {
        const pointers = [
          put(engine, x),
          put(engine, dy),
          room(engine, x.length),
          room(engine, x.length),
        ] as const;
        const [px, pdy, py, pdx] = pointers;
        engine.core.softmax(px, py, rows, columns, 0);
        expect(distance(get(engine, py, x.length), p.flat())).toBeLessThan(3e-7);
        engine.core.softmaxGradient(pdy, py, pdx, rows, columns, 0);
        const gradient = p.map((row, r) => {
          const dot = row.reduce((sum, v, i) => sum + v * dy[r * columns + i]!, 0);
          return row.map((v, i) => v * (dy[r * columns + i]! - dot));
        });
        expect(distance(get(engine, pdx, x.length), gradient.flat())).toBeLessThan(1e-6);
        engine.core.softmax(px, py, rows, columns, 1);
        expect(distance(get(engine, py, x.length), p.flat().map(Math.log))).toBeLessThan(1e-5);
        engine.core.softmaxGradient(pdy, py, pdx, rows, columns, 1);
        const logGradient = p.map((row, r) => {
          const total = row.reduce((sum, _, i) => sum + dy[r * columns + i]!, 0);
          return row.map((v, i) => dy[r * columns + i]! - v * total);
        });
        expect(distance(get(engine, pdx, x.length), logGradient.flat())).toBeLessThan(1e-5);
        freeAll(engine, ...pointers);
      }
    });
  }

  it("gives masked logits (−∞) no weight", () => {
    const { engine } = all[0]!;
    const x = put(engine, [0, Number.NEGATIVE_INFINITY, 0]);
    engine.core.softmax(x, x, 1, 3, 0);
    expect(get(engine, x, 3)).toEqual([0.5, 0, 0.5]);
  });

  it("cross-entropy by label and by distribution", () => {
    const rows = 33;
    const classes = 11;
    const x = numbers(rows * classes, 5).map((v) => v * 10);
    const labels = Array.from({ length: rows }, (_, i) => (i * 7) % classes);
    const p = rowsOf(x, classes).map(softmaxRow);
    const losses = p.map((row, r) => -Math.log(row[labels[r]!]!));
    const loss = losses.reduce((a, b) => a + b, 0) / rows;
    const oneHot = p.map((row, r) => row.map((_, i) => (i === labels[r] ? 1 : 0)));
    const gradient = p.flatMap((row, r) => row.map((v, i) => (v - oneHot[r]![i]!) / rows));
    for (const { engine } of all) {
      const px = put(engine, x);
      const pl = putInts(engine, labels);
      const dense = put(engine, oneHot.flat());
      const g = room(engine, x.length);
      const each = room(engine, rows);
      expect(engine.core.softmaxCrossEntropy(px, pl, 0, each, rows, classes)).toBeCloseTo(loss, 5);
      expect(distance(get(engine, each, rows), losses)).toBeLessThan(1e-5);
      expect(engine.core.softmaxCrossEntropy(px, pl, g, 0, rows, classes)).toBeCloseTo(loss, 5);
      expect(distance(get(engine, g, x.length), gradient)).toBeLessThan(1e-7);
      engine.core.fill(g, x.length, Number.NaN);
      expect(engine.core.softmaxCrossEntropyDense(px, dense, g, each, rows, classes)).toBeCloseTo(loss, 5);
      expect(distance(get(engine, each, rows), losses)).toBeLessThan(1e-5);
      expect(distance(get(engine, g, x.length), gradient)).toBeLessThan(1e-7);
      freeAll(engine, px, pl, dense, g, each);
    }
  });

  it("mean squared error", () => {
    const { engine } = all[0]!;
    const g = room(engine, 2);
    expect(engine.core.meanSquaredError(put(engine, [1, 2]), put(engine, [0, 4]), g, 2)).toBe(2.5);
    expect(get(engine, g, 2)).toEqual([1, -2]);
  });
});

describe("optimizers", () => {
  const n = 40_003;
  const w = numbers(n, 6);
  const gradients = [numbers(n, 7), numbers(n, 8), numbers(n, 9)];

  it("sgd with and without momentum", () => {
    for (const momentum of [0, 0.9]) {
      const expected = Array.from(w);
      const velocity = new Array<number>(n).fill(0);
      for (const g of gradients) {
        g.forEach((value, i) => {
          velocity[i] = momentum * velocity[i]! + value;
          expected[i]! -= 0.1 * velocity[i]!;
        });
      }
      for (const { engine } of all) {
        const pw = put(engine, w);
        const pv = put(engine, new Float32Array(n));
        for (const g of gradients) {
          const pg = put(engine, g);
          engine.core.sgd(pw, pg, momentum ? pv : 0, n, 0.1, momentum);
          freeAll(engine, pg);
        }
        expect(distance(get(engine, pw, n), expected)).toBeLessThan(3e-7);
        freeAll(engine, pw, pv);
      }
    }
  });

  it("adam as PyTorch defines it", () => {
    const expected = Array.from(w);
    const m = new Array<number>(n).fill(0);
    const v = new Array<number>(n).fill(0);
    gradients.forEach((g, step) => {
      g.forEach((value, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * value;
        v[i] = 0.999 * v[i]! + 0.001 * value * value;
        const mHat = m[i]! / (1 - 0.9 ** (step + 1));
        const vHat = v[i]! / (1 - 0.999 ** (step + 1));
        expected[i]! -= (0.01 * mHat) / (Math.sqrt(vHat) + 1e-8);
      });
    });
    let first: number[] | null = null;
    for (const { engine } of all) {
      const pw = put(engine, w);
      const pm = put(engine, new Float32Array(n));
      const pv = put(engine, new Float32Array(n));
      gradients.forEach((g, step) => {
        const pg = put(engine, g);
        engine.core.adam(pw, pg, pm, pv, n, 0.01, 0.9, 0.999, 1e-8, step + 1);
        freeAll(engine, pg);
      });
      const result = get(engine, pw, n);
      expect(distance(result, expected)).toBeLessThan(1e-6);
      first ??= result;
      expect(result).toEqual(first);
      freeAll(engine, pw, pm, pv);
    }
  });
});
