// Everything the core computes has the same bits on one, two and three threads, at both vector widths, and without shared
// memory. All of that is chosen when the engine loads, so every case is a process of its own.
import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import type { EngineInfo } from "../../../lib/engine/core.ts";

const from = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

interface Outcome {
  info: EngineInfo;
  bits: Record<string, string>;
}

/** Runs the computations in a process; `before` runs in it before the library is loaded. */
function compute(env: Record<string, string>, before = ""): Outcome {
  const source = `
    ${before}
    const { engine } = await import(${from("../../../lib/engine/engine.ts")});
    const { fingerprints } = await import(${from("./bits.ts")});
    await engine.threadsReady();
    const info = engine.info();
    console.log(JSON.stringify({ info, bits: fingerprints() }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

// Some seconds each, more where other tests run beside them.
describe("the same bits as with 256-bit vectors on one thread", { timeout: 120_000 }, () => {
  let bits: Outcome["bits"];
  let info: EngineInfo;
  beforeAll(() => {
    ({ info, bits } = compute({ LECTERN_SIMD: "256", LECTERN_THREADS: "1" }));
  });

  test("come from different computations", () => {
    expect(info).toMatchObject({ simd: 256, shared: true, threads: 1 });
    expect(Object.keys(bits).length).toBeGreaterThan(50);
    expect(new Set(Object.values(bits)).size).toBe(Object.keys(bits).length);
  });

  test.each([
    ["two threads", { LECTERN_SIMD: "256", LECTERN_THREADS: "2" }, { simd: 256, threads: 2 }],
    ["three threads", { LECTERN_SIMD: "256", LECTERN_THREADS: "3" }, { simd: 256, threads: 3 }],
    ["128-bit vectors", { LECTERN_SIMD: "128", LECTERN_THREADS: "1" }, { simd: 128, threads: 1 }],
    ["both", { LECTERN_SIMD: "128", LECTERN_THREADS: "3" }, { simd: 128, threads: 3 }],
  ])("%s", (_, env, expected) => {
    const other = compute(env);
    expect(other.info).toMatchObject({ ...expected, shared: true });
    expect(other.bits).toEqual(bits);
  });

  test.each(["256", "128"])("no SharedArrayBuffer, %s bits", (simd) => {
    const other = compute(
      { LECTERN_SIMD: simd, LECTERN_THREADS: "2" },
      "delete globalThis.SharedArrayBuffer;",
    );
    expect(other.info).toMatchObject({
      simd: Number(simd),
      shared: false,
      threads: 1,
      threadsWanted: 1,
      threadsReason: "memory cannot be shared between threads here",
    });
    expect(other.bits).toEqual(bits);
  });
});
