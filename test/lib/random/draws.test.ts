// The generator in TypeScript against the engine's, and the sequences of single elements.
import { beforeAll, describe, expect, it } from "vitest";
import { Draws, philox } from "../../../lib/random/draws.ts";
import { engines, freeAll } from "../engine/blocks.ts";

describe("Philox in TypeScript", () => {
  let engine: Awaited<ReturnType<typeof engines>>[number]["engine"];
  beforeAll(async () => {
    engine = (await engines())[0]!.engine;
  });

  it("gives the engine's words", () => {
    const block = engine.memory.allocate(16);
    const words = new Uint32Array(4);
    for (const [counter, seed, stream] of [
      [0, 0, 0],
      [1, 42, 7],
      [0xffffffff, 0xffffffff, 0xffffffff],
      [123456789, -5, 0x80000000],
    ] as const) {
      engine.kernels.philoxBlock(counter, seed, stream, block);
      philox(counter, 0, 0, seed, stream, words);
      expect(words).toEqual(new Uint32Array(engine.memory.uint8(block, 16).slice().buffer));
    }
    freeAll(engine, block);
  });
});

describe("draws", () => {
  it("follow from key and element alone", () => {
    const draws = new Draws({ seed: 1, stream: 2 });
    const take = (element: number, n: number) => {
      draws.start(element);
      return Array.from({ length: n }, () => draws.word());
    };
    const fifth = take(5, 9);
    take(6, 3);
    expect(take(5, 9)).toEqual(fifth);
    expect(take(6, 9)).not.toEqual(fifth);
    draws.start(0);
    draws.normal();
    draws.start(1);
    const normal = draws.normal();
    draws.start(1);
    expect(draws.normal()).toBe(normal);
  });

  it("are fair for every range", () => {
    const draws = new Draws({ seed: 3, stream: 0 });
    draws.start(0);
    // Three quarters of 2³²: without rejection a third of the numbers would come twice as often.
    const n = 3 * 2 ** 30;
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (draws.below(n) < n / 3) low++;
    // Six deviations of 82.
    expect(Math.abs(low - 10_000)).toBeLessThan(490);
    expect([draws.below(1), draws.below(1)]).toEqual([0, 0]);
    expect(draws.below(2 ** 32)).toBeLessThan(2 ** 32);
  });
});
