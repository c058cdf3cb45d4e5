// Elementwise operations: accuracy against float64 Math, special values, broadcasting, odd lengths, both threads.
import { beforeAll, describe, expect, it } from "vitest";
import { Binary, Unary } from "../../../lib/engine/core.ts";
import { ComputeEngine } from "../../../lib/engine/engine.ts";
import { denseStrides } from "../../../lib/engine/layout.ts";
import * as special from "../../../lib/special/erf.ts";
import { distance, engines, freeAll, get, numbers, put, putInts, room } from "./blocks.ts";

let engine: ComputeEngine;
beforeAll(async () => {
  engine = new ComputeEngine({ threads: 2 });
  await engine.threadsReady();
});

const toBits = new Int32Array(1);
const asFloat = new Float32Array(toBits.buffer);
function order(value: number): number {
  asFloat[0] = value;
  return toBits[0]! < 0 ? -2147483648 - toBits[0]! : toBits[0]!;
}

/** Units in the last place of float32 between a result and the exact value. */
function ulps(result: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(result) ? 0 : Number.POSITIVE_INFINITY;
  if (Number.isNaN(result)) return Number.POSITIVE_INFINITY;
  return Math.abs(order(result) - order(Math.fround(exact)));
}

function unary(op: keyof typeof Unary, values: ArrayLike<number>): number[] {
  const x = put(engine, values);
  const y = room(engine, values.length);
  engine.core.unary(Unary[op], x, y, values.length);
  const result = get(engine, y, values.length);
  freeAll(engine, x, y);
  return result;
}

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const halfToEven = (x: number) => {
  const rounded = Math.round(x);
  return Math.abs(x % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
};

// [name, exact function, lowest and highest argument, allowed ulp]
const functions: [keyof typeof Unary, (x: number) => number, number, number, number][] = [
  ["neg", (x) => -x, -9, 9, 0],
  ["abs", Math.abs, -9, 9, 0],
  ["square", (x) => x * x, -9, 9, 0],
  ["sqrt", Math.sqrt, 0, 1e6, 0],
  ["reciprocal", (x) => 1 / x, -9, 9, 0],
  ["relu", (x) => Math.max(x, 0), -9, 9, 0],
  ["sign", Math.sign, -9, 9, 0],
  ["floor", Math.floor, -9, 9, 0],
  ["ceil", Math.ceil, -9, 9, 0],
  ["round", halfToEven, -9, 9, 0],
  ["exp", Math.exp, -103, 88.7, 2],
  ["log", Math.log, 1e-30, 1e30, 2],
  ["log", Math.log, 0.5, 2, 2],
  ["sigmoid", (x) => 1 / (1 + Math.exp(-x)), -80, 80, 4],
  ["tanh", Math.tanh, -10, 10, 3],
  ["tanh", Math.tanh, -0.01, 0.01, 1],
  ["softplus", softplus, -80, 80, 4],
  ["sin", Math.sin, -1000, 1000, 1],
  ["cos", Math.cos, -1000, 1000, 1],
  ["log1p", Math.log1p, -0.9, 1e6, 1],
  ["expm1", Math.expm1, -20, 20, 1],
  ["tan", Math.tan, -100, 100, 1],
  ["asin", Math.asin, -1, 1, 1],
  ["acos", Math.acos, -1, 1, 1],
  ["atan", Math.atan, -100, 100, 1],
  ["sinh", Math.sinh, -80, 80, 1],
  ["cosh", Math.cosh, -80, 80, 1],
  ["asinh", Math.asinh, -1e6, 1e6, 1],
  ["acosh", Math.acosh, 1, 1e6, 1],
  ["atanh", Math.atanh, -0.999, 0.999, 1],
  ["exp2", (x) => 2 ** x, -120, 120, 1],
  ["log2", Math.log2, 1e-30, 1e30, 1],
  ["log10", Math.log10, 1e-30, 1e30, 1],
  ["cbrt", Math.cbrt, -1e6, 1e6, 1],
  ["trunc", Math.trunc, -9, 9, 0],
  ["rsqrt", (x) => 1 / Math.sqrt(x), 1e-6, 1e6, 1],
  ["silu", (x) => x / (1 + Math.exp(-x)), -80, 80, 5],
  ["erf", special.erf, -5, 5, 4],
  ["erf", special.erf, -0.01, 0.01, 2],
];

/** A checksum of bits that notices any change of one of them. */
function bitsOf(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum = (Math.imul(sum, 31) + value) | 0;
  return sum;
}

describe("unary", () => {
  for (const [op, exact, low, high, tolerance] of functions) {
    it(`${op} in [${low}, ${high}] is within ${tolerance} ulp`, () => {
      const x = numbers(70001, 3).map((v) => low + ((v + 1) / 2) * (high - low));
      const y = unary(op, x);
      let worst = 0;
      // −0 and 0 count as equal.
      x.forEach((value, i) => {
        worst = Math.max(worst, ulps(y[i]! + 0, exact(value) + 0));
      });
      expect(worst).toBeLessThanOrEqual(tolerance);
    });
  }

  it("gelu is exact to 3e-7 of its argument, far out in the tail too", () => {
    const x = numbers(70001, 3).map((v) => 8 * v);
    const y = unary("gelu", x);
    const worst = Math.max(
      ...x.map((v, i) => Math.abs(y[i]! - (v * special.erfc(-v * Math.SQRT1_2)) / 2) / Math.abs(v)),
    );
    expect(worst).toBeLessThan(3e-7);
  });

  it("leakyRelu and elu take their parameter as a scalar", () => {
    const x = numbers(70001, 3).map((v) => 9 * v);
    const pointer = put(engine, x);
    const y = room(engine, x.length);
    for (const [op, exact] of [
      ["leakyRelu", (v: number) => (v > 0 ? v : 0.25 * v)],
      ["elu", (v: number) => (v > 0 ? v : 0.25 * Math.expm1(v))],
    ] as const) {
      engine.core.binaryScalar(Binary[op], pointer, 0.25, y, x.length);
      const result = get(engine, y, x.length);
      expect(Math.max(...x.map((v, i) => ulps(result[i]! + 0, exact(v) + 0)))).toBeLessThanOrEqual(4);
    }
    freeAll(engine, pointer, y);
  });

  it("gives the same bits on every engine", async () => {
    const x = numbers(70_003, 9).map((v) => 5 * v);
    const all = await engines();
    const names = Object.keys(Unary) as (keyof typeof Unary)[];
    const results = all.map(({ engine: one }) => {
      const [source, target] = [put(one, x), room(one, x.length)];
      const found = names.map((name) => {
        one.core.unary(Unary[name], source, target, x.length);
        return bitsOf(one.memory.int32(target, x.length));
      });
      for (const op of ["leakyRelu", "elu"] as const) {
        one.core.binaryScalar(Binary[op], source, 0.3, target, x.length);
        found.push(bitsOf(one.memory.int32(target, x.length)));
      }
      freeAll(one, source, target);
      return found;
    });
    for (const found of results) expect(found).toEqual(results[0]);
  });

  it("treats special values as Math does", () => {
    const values = [
      0,
      1,
      -1,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      1e-40,
      89,
      -110,
    ];
    const finite = values.map(Math.fround);
    for (const op of ["exp", "log", "tanh", "sqrt", "sign", "abs"] as const) {
      unary(op, finite).forEach((y, i) => {
        expect(ulps(y + 0, Math[op](finite[i]!) + 0), `${op}(${finite[i]})`).toBeLessThanOrEqual(2);
      });
    }
    expect(unary("relu", [Number.NaN, -1, 2])).toEqual([Number.NaN, 0, 2]);
    expect(unary("sigmoid", [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0])).toEqual([
      ...[Number.NaN, 0, 1, 0.5],
    ]);
    expect(unary("round", [0.5, 1.5, 2.5, -0.5])).toEqual([0, 2, 2, -0]);
  });

  it("gives an element the same value wherever it stands", () => {
    const x = numbers(23, 4);
    const whole = unary("tanh", x);
    for (let length = 1; length < 23; length++) {
      expect(unary("tanh", x.slice(23 - length))).toEqual(whole.slice(23 - length));
    }
  });
});

const operations: [keyof typeof Binary, (a: number, b: number) => number][] = [
  ["add", (a, b) => a + b],
  ["sub", (a, b) => a - b],
  ["mul", (a, b) => a * b],
  ["div", (a, b) => a / b],
  ["max", Math.max],
  ["min", Math.min],
  ["pow", (a, b) => Math.abs(a) ** b],
  ["greater", (a, b) => Number(a > b)],
  ["greaterEqual", (a, b) => Number(a >= b)],
  ["less", (a, b) => Number(a < b)],
  ["lessEqual", (a, b) => Number(a <= b)],
  ["equal", (a, b) => Number(a === b)],
  ["notEqual", (a, b) => Number(a !== b)],
  ["reluGradient", (a, b) => (b > 0 ? a : 0)],
  ["sigmoidGradient", (a, b) => a * b * (1 - b)],
  ["tanhGradient", (a, b) => a * (1 - b * b)],
];

function broadcastIndex(flat: number, outShape: readonly number[], shape: readonly number[]): number {
  let index = 0;
  let step = 1;
  let rest = flat;
  for (let axis = outShape.length - 1; axis >= 0; axis--) {
    const at = rest % outShape[axis]!;
    rest = Math.floor(rest / outShape[axis]!);
    const own = axis - (outShape.length - shape.length);
    if (own < 0) continue;
    if (shape[own]! > 1) index += at * step;
    step *= shape[own]!;
  }
  return index;
}

const broadcasts: [number[], number[], number[]][] = [
  [[13], [13], [13]],
  [[70000], [70000], [70000]],
  [[5, 7], [], [5, 7]],
  [[1], [5, 7], [5, 7]],
  [[5, 7], [7], [5, 7]],
  [[7], [5, 7], [5, 7]],
  [
    [5, 1],
    [5, 7],
    [5, 7],
  ],
  [
    [5, 1],
    [1, 7],
    [5, 7],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
    [2, 3, 4, 5],
  ],
  [
    [300, 130],
    [300, 1],
    [300, 130],
  ],
  [
    [2, 1, 3, 1, 2, 1],
    [1, 4, 1, 5, 1, 3],
    [2, 4, 3, 5, 2, 3],
  ],
];

describe("binary", () => {
  for (const [aShape, bShape, outShape] of broadcasts) {
    it(`broadcasts [${aShape}] with [${bShape}]`, () => {
      const length = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
      // Coarse values, so that equality occurs.
      const a = numbers(length(aShape), 5).map((v) => Math.round(v * 8) / 8);
      const b = numbers(length(bShape), 6).map((v) => Math.round(v * 8) / 8);
      const pb = put(engine, b);
      const out = room(engine, length(outShape));
      for (const [op, exact] of operations) {
        const left = op === "pow" ? a.map(Math.abs) : a;
        const pa = put(engine, left);
        engine.binary(Binary[op], pa, aShape, pb, bShape, out, outShape);
        const result = get(engine, out, length(outShape));
        const wrong = result.findIndex((value, i) => {
          const x = left[broadcastIndex(i, outShape, aShape)]!;
          const y = b[broadcastIndex(i, outShape, bShape)]!;
          const wanted = op === "pow" && (x === 1 || y === 0) ? 1 : exact(x, y);
          return ulps(value + 0, wanted + 0) > 2;
        });
        expect(wrong, op).toBe(-1);
        freeAll(engine, pa);
      }
      freeAll(engine, pb, out);
    });
  }

  it("takes a scalar on either side", () => {
    const x = put(engine, [1, 2, 3, 4, 5]);
    const y = room(engine, 5);
    engine.core.binaryScalar(Binary.sub, x, 1, y, 5);
    expect(get(engine, y, 5)).toEqual([0, 1, 2, 3, 4]);
    engine.core.scalarBinary(Binary.sub, 1, x, y, 5);
    expect(get(engine, y, 5)).toEqual([0, -1, -2, -3, -4]);
  });

  it("refuses more axes than it can walk", () => {
    const shape = [2, 2, 2, 2, 2, 2, 2];
    const alternating = [2, 1, 2, 1, 2, 1, 2];
    const x = put(engine, numbers(128));
    expect(() => engine.binary(Binary.add, x, shape, x, alternating, x, shape)).toThrow(/axes/);
  });
});

describe("the other elementwise operations", () => {
  it("scale, axpy, clip, its gradient, select", () => {
    for (const n of [1, 7, 16, 70003]) {
      const a = numbers(n, 7);
      const b = numbers(n, 8);
      const pa = put(engine, a);
      const pb = put(engine, b);
      const out = put(engine, b);
      engine.core.scale(3, pa, out, n);
      expect(
        distance(
          get(engine, out, n),
          a.map((v) => v * 3),
        ),
      ).toBe(0);
      engine.core.copy(pb, out, n);
      engine.core.axpy(0.5, pa, out, n);
      expect(
        distance(
          get(engine, out, n),
          b.map((v, i) => v + a[i]! * 0.5),
        ),
      ).toBeLessThan(1e-7);
      engine.core.clip(pa, out, n, -0.25, 0.5);
      expect(
        distance(
          get(engine, out, n),
          a.map((v) => Math.min(Math.max(v, -0.25), 0.5)),
        ),
      ).toBe(0);
      engine.core.clipGradient(pb, pa, out, n, -0.25, 0.5);
      expect(
        distance(
          get(engine, out, n),
          b.map((v, i) => (a[i]! >= -0.25 && a[i]! <= 0.5 ? v : 0)),
        ),
      ).toBe(0);
      const condition = put(
        engine,
        a.map((v) => Number(v > 0)),
      );
      engine.core.select(condition, pa, pb, out, n);
      expect(
        distance(
          get(engine, out, n),
          a.map((v, i) => (v > 0 ? v : b[i]!)),
        ),
      ).toBe(0);
      engine.core.fill(out, n, 2.5);
      expect(get(engine, out, n).every((v) => v === 2.5)).toBe(true);
      freeAll(engine, pa, pb, out, condition);
    }
  });

  it("transposes, gathers and scatters", () => {
    for (const [rows, columns] of [
      [1, 9],
      [5, 3],
      [17, 22],
      [300, 201],
    ] as const) {
      const x = numbers(rows * columns, 9);
      const px = put(engine, x);
      const out = room(engine, rows * columns);
      engine.core.transpose2d(px, out, rows, columns);
      const wanted = Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]!);
      expect(distance(get(engine, out, rows * columns), wanted)).toBe(0);
      freeAll(engine, px, out);
    }
    const table = put(engine, [1, 2, 3, 4, 5, 6]);
    const indices = putInts(engine, [2, 0, 2]);
    const rows = room(engine, 6);
    engine.core.gatherRows(table, indices, rows, 3, 2);
    expect(get(engine, rows, 6)).toEqual([5, 6, 1, 2, 5, 6]);
    engine.core.scatterAddRows(rows, indices, table, 3, 2);
    expect(get(engine, table, 6)).toEqual([2, 4, 3, 4, 15, 18]);
    expect(engine.core.findIndexOutside(indices, 3, 3)).toBe(-1);
    expect(engine.core.findIndexOutside(indices, 3, 2)).toBe(0);
  });

  it("copies between strided layouts: permute, slice, reverse, accumulate", () => {
    const shape = [3, 4, 5, 2];
    const x = numbers(120, 10);
    const px = put(engine, x);
    const out = room(engine, 120);
    const [s0, s1, s2, s3] = denseStrides(shape) as [number, number, number, number];
    const target = [2, 5, 3, 4];
    engine.copyStrided(px, [s3, s2, s0, s1], out, denseStrides(target), target);
    const wanted: number[] = [];
    for (let d = 0; d < 2; d++)
      for (let c = 0; c < 5; c++)
        for (let a = 0; a < 3; a++)
          for (let b = 0; b < 4; b++) wanted.push(x[a * s0 + b * s1 + c * s2 + d * s3]!);
    expect(get(engine, out, 120)).toEqual(wanted);
    engine.copyStrided(px + 4 * 119, [-1], out, [1], [120]);
    expect(get(engine, out, 120)).toEqual(Array.from(x).reverse());
    engine.copyStrided(px, [s0, s1], out, [4, 1], [3, 4], true);
    expect(get(engine, out, 1)[0]).toBe(Math.fround(x[119]! + x[0]!));
  });

  it("spreads, copies and adds in pieces where rows are long", async () => {
    const [rows, columns] = [3, 70_003];
    const n = rows * columns;
    const x = numbers(n, 11);
    for (const { engine } of await engines()) {
      const px = put(engine, x);
      const out = room(engine, n);
      const rowsOf = (columnStride: number) => [columnStride === 0 ? 1 : columns, columnStride];
      engine.copyStrided(px, [0], out, [1], [n]);
      expect(new Set(get(engine, out, n))).toEqual(new Set([x[0]]));
      engine.copyStrided(px, rowsOf(0), out, [columns, 1], [rows, columns]);
      expect(get(engine, out, n)).toEqual(Array.from(x, (_, i) => x[Math.floor(i / columns)]!));
      engine.copyStrided(px, [1], out, [1], [n], true);
      expect(get(engine, out, n)).toEqual(
        Array.from(x, (value, i) => Math.fround(value + x[Math.floor(i / columns)]!)),
      );
      engine.copyStrided(px + 4 * (n - 1), [-1], out, [1], [n]);
      expect(get(engine, out, n)).toEqual(Array.from(x).reverse());
      engine.binary(Binary.mul, px, [rows, columns], px, [rows, 1], out, [rows, columns]);
      expect(get(engine, out, n)).toEqual(
        Array.from(x, (value, i) => Math.fround(value * x[Math.floor(i / columns)]!)),
      );
      freeAll(engine, px, out);
    }
  });

  it("converts number types", () => {
    const ints = putInts(engine, [1, -2, 3, 2 ** 24, 7]);
    const floats = room(engine, 5);
    engine.core.int32ToFloat32(ints, floats, 5);
    expect(get(engine, floats, 5)).toEqual([1, -2, 3, 2 ** 24, 7]);
    const back = put(engine, [1.9, -1.9, Number.NaN, 1e12, -0.5]);
    engine.core.float32ToInt32(back, ints, 5);
    expect(Array.from(engine.memory.int32(ints, 5))).toEqual([1, -1, 0, 2147483647, 0]);
    const bytes = engine.memory.allocate(5);
    engine.memory.uint8(bytes, 5).set([0, 1, 2, 254, 255]);
    engine.core.uint8ToFloat32(bytes, floats, 5, 2);
    expect(get(engine, floats, 5)).toEqual([0, 2, 4, 508, 510]);
    engine.core.float32ToBool(floats, bytes, 5);
    expect(Array.from(engine.memory.uint8(bytes, 5))).toEqual([0, 1, 1, 1, 1]);
  });
});
