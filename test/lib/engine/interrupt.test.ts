// An interrupt terminates user code in the middle of a parallel call. The next call must find the pool at rest:
// no hang, no chunk of the old task in the new one, no stale writes into recycled memory.
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, it } from "vitest";
import { ComputeEngine } from "../../../lib/engine/engine.ts";
import { freeAll, get, numbers, put, room } from "./blocks.ts";

const N = 384;
const SMALL = 96;

/** Runs `body` until V8 terminates it. */
function terminate(body: () => void, timeout: number): void {
  const context = vm.createContext({ body });
  expect(() => vm.runInContext("for (;;) body()", context, { timeout })).toThrow(/timed out/);
}

let engine: ComputeEngine;
beforeAll(async () => {
  engine = new ComputeEngine({ threads: 3 });
  await engine.threadsReady();
});

function product(e: ComputeEngine, a: number, b: number, c: number, n: number): void {
  e.core.gemm(0, 0, a, n, b, n, c, n, n, n, n, 0, 0, 0);
}

describe("an interrupt in the middle of a parallel call", () => {
  it("leaves the next call correct, whatever was cut short", () => {
    const a = put(engine, numbers(N * N, 1));
    const b = put(engine, numbers(N * N, 2));
    const c = room(engine, N * N);
    const small = [put(engine, numbers(SMALL * SMALL, 3)), put(engine, numbers(SMALL * SMALL, 4))] as const;
    const out = room(engine, SMALL * SMALL);
    product(engine, a, b, c, N);
    const large = get(engine, c, N * N);
    product(engine, ...small, out, SMALL);
    const expected = get(engine, out, SMALL * SMALL);
    for (let round = 0; round < 40; round++) {
      terminate(() => product(engine, a, b, c, N), 1 + (round % 4));
      engine.memory.float32(out, SMALL * SMALL).fill(Number.NaN);
      product(engine, ...small, out, SMALL);
      expect(get(engine, out, SMALL * SMALL)).toEqual(expected);
    }
    product(engine, a, b, c, N);
    expect(get(engine, c, N * N)).toEqual(large);
    freeAll(engine, a, b, c, ...small, out);
  });

  it("keeps stale writes out of memory handed out afterwards", () => {
    const a = put(engine, numbers(N * N, 1));
    for (let round = 0; round < 20; round++) {
      const c = room(engine, N * N);
      terminate(() => product(engine, a, a, c, N), 1 + (round % 3));
      engine.memory.free(c);
      const again = engine.memory.allocate(4 * N * N);
      engine.memory.float32(again, N * N).fill(7);
      const end = performance.now() + 3;
      while (performance.now() < end);
      expect(engine.memory.float32(again, N * N).every((value) => value === 7)).toBe(true);
      engine.memory.free(again);
    }
  });

  it("keeps all threads at work", () => {
    expect(engine.info()).toMatchObject({ threads: 3, threadsWanted: 3 });
  });

  it("holds where the engine lives in a worker", async () => {
    const source = `
      import vm from "node:vm";
      import { parentPort } from "node:worker_threads";
      import { ComputeEngine } from ${JSON.stringify(new URL("../../../lib/engine/engine.ts", import.meta.url).href)};
      const engine = new ComputeEngine({ threads: 2 });
      const n = 256;
      const [a, b, c] = [0, 1, 2].map(() => engine.memory.allocate(4 * n * n));
      engine.core.randomUniform(a, n * n, -1, 1, 1, 1);
      engine.core.fill(b, n * n, 0);
      for (let i = 0; i < n; i++) engine.memory.float32(b + 4 * (i * n + i), 1)[0] = 1;
      await engine.threadsReady();
      const multiply = () => engine.core.gemm(0, 0, a, n, b, n, c, n, n, n, n, 0, 0, 0);
      let right = 0, interrupted = 0;
      for (let round = 0; round < 20; round++) {
        try {
          vm.runInContext("for (;;) multiply()", vm.createContext({ multiply }), { timeout: 1 + (round % 3) });
        } catch { interrupted++; }
        engine.core.fill(c, n * n, NaN);
        multiply();
        const x = engine.memory.float32(a, n * n), y = engine.memory.float32(c, n * n);
        if (x.every((value, i) => value === y[i])) right++;
      }
      parentPort.postMessage({ right, interrupted, threads: engine.info().threads });
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      execArgv: [],
    });
    const answer = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    await worker.terminate();
    expect(answer).toEqual({ right: 20, interrupted: 20, threads: 2 });
  });
});
