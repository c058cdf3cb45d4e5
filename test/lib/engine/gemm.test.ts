// Matrix products against a plain loop: every transposition, odd sizes, accumulation, bias and relu, every kind of engine.
import { beforeAll, describe, expect, it } from "vitest";
import type { Flag } from "../../../lib/engine/core.ts";
import type { ComputeEngine } from "../../../lib/engine/engine.ts";
import { distance, engines, freeAll, get, numbers, put, room } from "./blocks.ts";

interface Product {
  transA: Flag;
  transB: Flag;
  m: number;
  n: number;
  k: number;
  accumulate: Flag;
  bias: boolean;
  relu: Flag;
}

function operands(p: Product) {
  return {
    a: numbers(p.m * p.k, 1),
    b: numbers(p.k * p.n, 2),
    c: numbers(p.m * p.n, 3),
    bias: numbers(p.n, 4),
  };
}

function expected(p: Product): number[] {
  const { a, b, c, bias } = operands(p);
  const out: number[] = [];
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = p.accumulate ? c[i * p.n + j]! : 0;
      for (let l = 0; l < p.k; l++) {
        sum +=
          (p.transA ? a[l * p.m + i]! : a[i * p.k + l]!) * (p.transB ? b[j * p.k + l]! : b[l * p.n + j]!);
      }
      if (p.bias) sum += bias[j]!;
      out.push(p.relu ? Math.max(sum, 0) : sum);
    }
  }
  return out;
}

function multiply(engine: ComputeEngine, p: Product): number[] {
  const values = operands(p);
  const a = put(engine, values.a);
  const b = put(engine, values.b);
  const bias = put(engine, values.bias);
  const c = p.accumulate ? put(engine, values.c) : room(engine, p.m * p.n);
  const lda = p.transA ? p.m : p.k;
  const ldb = p.transB ? p.k : p.n;
  const { transA, transB, m, n, k, accumulate, relu } = p;
  engine.core.gemm(transA, transB, a, lda, b, ldb, c, n, m, n, k, accumulate, p.bias ? bias : 0, relu);
  const result = get(engine, c, m * n);
  freeAll(engine, a, b, bias, c);
  return result;
}

const sizes = [
  [1, 1, 1],
  [1, 17, 5],
  [7, 1, 33],
  [5, 16, 1],
  [8, 31, 3],
  [13, 47, 300],
  [6, 16, 24],
  [97, 130, 65],
  [203, 77, 311],
  [3, 5, 0],
] as const;

let all: { name: string; engine: ComputeEngine }[];
beforeAll(async () => {
  all = await engines();
});

describe("gemm", () => {
  for (const [m, n, k] of sizes) {
    it(`multiplies [${m}, ${k}] · [${k}, ${n}] in every form, with the same bits on every engine`, () => {
      for (const transA of [0, 1] as const) {
        for (const transB of [0, 1] as const) {
          for (const accumulate of [0, 1] as const) {
            const product = {
              transA,
              transB,
              m,
              n,
              k,
              accumulate,
              bias: accumulate === transB,
              relu: transA,
            };
            const wanted = expected(product);
            const first = multiply(all[0]!.engine, product);
            expect(distance(first, wanted)).toBeLessThan(2e-6 * Math.sqrt(k + 1) * 4);
            for (const { engine } of all.slice(1)) expect(multiply(engine, product)).toEqual(first);
          }
        }
      }
    });
  }

  it("packs large factors once for all rows: two stretches of k, several groups of columns, edges", () => {
    const forms = [
      { m: 211, n: 150, k: 600, transA: 0, transB: 0, accumulate: 1, bias: true, relu: 1 },
      { m: 211, n: 150, k: 600, transA: 1, transB: 1, accumulate: 0, bias: false, relu: 0 },
      { m: 195, n: 790, k: 512, transA: 0, transB: 1, accumulate: 0, bias: true, relu: 0 },
      { m: 195, n: 790, k: 100, transA: 1, transB: 0, accumulate: 1, bias: false, relu: 1 },
    ] as const;
    for (const product of forms) {
      const first = multiply(all[0]!.engine, product);
      expect(distance(first, expected(product))).toBeLessThan(2e-6 * Math.sqrt(product.k) * 4);
      for (const { engine } of all.slice(1)) expect(multiply(engine, product)).toEqual(first);
    }
  });

  it("gives a row the same bits among few rows and among many", () => {
    const { engine } = all[0]!;
    const product = { n: 144, k: 700, transA: 0, transB: 0, accumulate: 0, bias: true, relu: 1 } as const;
    const many = multiply(engine, { ...product, m: 300 });
    for (const m of [1, 7, 24, 150]) {
      expect(multiply(engine, { ...product, m })).toEqual(many.slice(0, m * product.n));
    }
  });

  it("takes more rows than there can be chunks of a block", () => {
    const { engine } = all[0]!;
    const rows = 11_600_000;
    const a = room(engine, rows);
    engine.core.fill(a, rows, 3);
    const b = put(engine, [2]);
    engine.core.gemm(0, 0, a, 1, b, 1, a, 1, rows, 1, 1, 0, 0, 0);
    expect(engine.core.sum(a, rows)).toBe(6 * rows);
    freeAll(engine, a, b);
  });

  it("leaves c alone when a size is 0", () => {
    const { engine } = all[0]!;
    const c = put(engine, [1, 2]);
    engine.core.gemm(0, 0, c, 1, c, 1, c, 2, 0, 2, 3, 0, 0, 0);
    engine.core.gemm(0, 0, c, 1, c, 1, c, 1, 2, 0, 3, 0, 0, 0);
    expect(get(engine, c, 2)).toEqual([1, 2]);
  });

  it("honours leading dimensions larger than the rows", () => {
    const { engine } = all[2]!;
    const a = put(engine, [1, 2, 9, 3, 4, 9]);
    const b = put(engine, [1, 0, 7, 7, 0, 1, 7, 7]);
    const c = put(engine, [0, 0, 5, 0, 0, 5]);
    engine.core.gemm(0, 0, a, 3, b, 4, c, 3, 2, 2, 2, 0, 0, 0);
    expect(get(engine, c, 6)).toEqual([1, 2, 5, 3, 4, 5]);
  });

  it("keeps NaN through a relu", () => {
    for (const { engine } of all) {
      const a = put(engine, [Number.NaN, 1, -1]);
      const one = put(engine, [1]);
      const c = room(engine, 3);
      engine.core.gemm(0, 0, a, 1, one, 1, c, 1, 3, 1, 1, 0, 0, 1);
      expect(get(engine, c, 3)).toEqual([Number.NaN, 1, 0]);
    }
  });

  it("chooses 256-bit vectors only where asked or found faster", () => {
    expect(all.map(({ engine }) => engine.info().simd).slice(0, 4)).toEqual([256, 128, 256, 128]);
    expect(all[2]!.engine.info()).toMatchObject({ threads: 2, threadsWanted: 2 });
    expect(all[4]!.engine.info().threads).toBe(1);
  });
});

describe("reluMaskAndBiasGradient", () => {
  for (const [rows, columns] of [
    [1, 1],
    [5, 3],
    [64, 20],
    [5000, 24],
    [700, 300],
    [40, 2000],
  ] as const) {
    it(`masks and sums [${rows}, ${columns}]`, () => {
      const dy = numbers(rows * columns, 5);
      const y = numbers(rows * columns, 6);
      for (const hasRelu of [0, 1] as const) {
        const masked = dy.map((value, i) => (hasRelu && y[i]! <= 0 ? 0 : value));
        const sums = new Array<number>(columns).fill(0);
        masked.forEach((value, i) => {
          sums[i % columns]! += value;
        });
        let first: number[] | null = null;
        for (const { engine } of all) {
          const pointers = [put(engine, dy), put(engine, y), room(engine, columns)] as const;
          engine.core.reluMaskAndBiasGradient(...pointers, rows, columns, hasRelu);
          expect(distance(get(engine, pointers[0], rows * columns), masked)).toBe(0);
          const result = get(engine, pointers[2], columns);
          expect(distance(result, sums)).toBeLessThan(5e-5);
          first ??= result;
          expect(result).toEqual(first);
          freeAll(engine, ...pointers);
        }
      }
    });
  }
});
