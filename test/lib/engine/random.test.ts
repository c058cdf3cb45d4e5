// Random numbers: the generator's published values, reproducibility over threads, moments and ranges.
import { beforeAll, describe, expect, it } from "vitest";
import type { ComputeEngine } from "../../../lib/engine/engine.ts";
import { engines, freeAll, get, numbers, put, room } from "./blocks.ts";

let all: { name: string; engine: ComputeEngine }[];
beforeAll(async () => {
  all = await engines();
});

const COUNT = 200_003;

function moments(values: number[]): { mean: number; std: number; skew: number; kurtosis: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const central = (power: number) => values.reduce((sum, v) => sum + (v - mean) ** power, 0) / values.length;
  const variance = central(2);
  return {
    mean,
    std: Math.sqrt(variance),
    skew: central(3) / variance ** 1.5,
    kurtosis: central(4) / variance ** 2,
  };
}

describe("random numbers", () => {
  it("follow Philox 4×32-10", () => {
    const { engine } = all[0]!;
    const block = engine.memory.allocate(16);
    engine.kernels.philoxBlock(0, 0, 0, block);
    const words = new Uint32Array(engine.memory.uint8(block, 16).slice().buffer);
    // The known answer for counter 0 and key 0 in the authors' Random123 distribution.
    expect(Array.from(words, (w) => w.toString(16))).toEqual([
      "6627e8d5",
      "e169c58d",
      "bc57ac4c",
      "9b00dbd8",
    ]);
  });

  it("are the same on every engine, differ by seed and stream, and do not depend on the length asked for", () => {
    const draw = (engine: ComputeEngine, n: number, seed: number, stream: number) => {
      const uniform = room(engine, n);
      const normal = room(engine, n);
      engine.core.randomUniform(uniform, n, -2, 3, seed, stream);
      engine.core.randomNormal(normal, n, 1, 2, seed, stream);
      const result = [get(engine, uniform, n), get(engine, normal, n)];
      freeAll(engine, uniform, normal);
      return result;
    };
    const first = draw(all[0]!.engine, COUNT, 42, 1);
    for (const { engine } of all) expect(draw(engine, COUNT, 42, 1)).toEqual(first);
    expect(draw(all[0]!.engine, 13, 42, 1)).toEqual(first.map((list) => list.slice(0, 13)));
    expect(draw(all[0]!.engine, 8, 43, 1)[0]).not.toEqual(first[0]!.slice(0, 8));
    expect(draw(all[0]!.engine, 8, 42, 2)[0]).not.toEqual(first[0]!.slice(0, 8));
  });

  it("have the moments of their distributions", () => {
    const { engine } = all[2]!;
    const x = room(engine, COUNT);
    engine.core.randomUniform(x, COUNT, -2, 3, 7, 0);
    const uniform = get(engine, x, COUNT);
    expect(Math.min(...uniform.slice(0, 100_000))).toBeGreaterThanOrEqual(-2);
    expect(uniform.reduce((a, b) => Math.max(a, b))).toBeLessThan(3);
    const u = moments(uniform);
    // Five standard errors.
    expect(Math.abs(u.mean - 0.5)).toBeLessThan((5 * 1.4434) / Math.sqrt(COUNT));
    expect(Math.abs(u.std - 5 / Math.sqrt(12))).toBeLessThan(0.01);
    engine.core.randomNormal(x, COUNT, 1, 2, 7, 1);
    const g = moments(get(engine, x, COUNT));
    expect(Math.abs(g.mean - 1)).toBeLessThan((5 * 2) / Math.sqrt(COUNT));
    expect(Math.abs(g.std - 2)).toBeLessThan((5 * 2) / Math.sqrt(2 * COUNT));
    expect(Math.abs(g.skew)).toBeLessThan(5 * Math.sqrt(6 / COUNT));
    expect(Math.abs(g.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / COUNT));
  });

  it("drop out at the rate asked for, scale the rest, and repeat for the gradient", () => {
    for (const { engine } of all) {
      const values = numbers(COUNT, 1).map((v) => v + 2);
      const x = put(engine, values);
      const y = room(engine, COUNT);
      engine.core.dropout(x, y, COUNT, 0.4, 5, 6);
      const result = get(engine, y, COUNT);
      const kept = result.filter((v) => v !== 0).length;
      expect(Math.abs(kept / COUNT - 0.6)).toBeLessThan(5 * Math.sqrt(0.24 / COUNT));
      const wrong = result.findIndex((v, i) => v !== 0 && Math.abs(v - values[i]! / 0.6) > 1e-6);
      expect(wrong).toBe(-1);
      const again = room(engine, COUNT);
      engine.core.dropout(x, again, COUNT, 0.4, 5, 6);
      expect(get(engine, again, COUNT)).toEqual(result);
      engine.core.dropout(x, y, COUNT, 0, 5, 6);
      expect(get(engine, y, COUNT)).toEqual(Array.from(values));
      engine.core.dropout(x, y, COUNT, 1, 5, 6);
      expect(get(engine, y, COUNT).every((v) => v === 0)).toBe(true);
      freeAll(engine, x, y, again);
    }
  });
});
