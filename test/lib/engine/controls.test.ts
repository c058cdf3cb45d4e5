// `engine` as people see it: what info() says and shows, and what setThreads does.
import { afterAll, describe, expect, it } from "vitest";
import * as controls from "../../../lib/engine/controls.ts";
import { ComputeEngine, engine } from "../../../lib/engine/engine.ts";
import { EngineReport } from "../../../lib/engine/report.ts";

const DISPLAY = Symbol.for("Jupyter.display") as never;

afterAll(() => engine.setThreads(1));

describe("engine.info()", () => {
  it("has the engine's figures, and a speed measured once for a number of threads", () => {
    controls.setThreads(1);
    const first = controls.info();
    expect(first).toMatchObject({ threads: 1, threadsWanted: 1, threadsReason: "setThreads(1)" });
    expect(first.vectorBits).toBe(engine.info().simd);
    expect(first.sharedMemory).toBe(true);
    expect(first.gigaflops).toBeGreaterThan(0);
    expect(controls.info().gigaflops).toBe(first.gigaflops);
    const block = engine.memory.allocate(1 << 20);
    expect(controls.info().bytesInUse - first.bytesInUse).toBe(1 << 20);
    engine.memory.free(block);
  });

  it("measures anew for other threads", async () => {
    const alone = controls.info().gigaflops;
    controls.setThreads(2);
    await engine.threadsReady();
    expect(controls.info().gigaflops).not.toBe(alone);
    expect(controls.info()).toMatchObject({ threads: 2, threadsWanted: 2, threadsReason: "setThreads(2)" });
  });

  it("takes as many threads as LECTERN_THREADS may ask for, and says how many", () => {
    for (const count of [0, 1.5, 257, "2" as never])
      expect(() => controls.setThreads(count)).toThrow(/is no number of threads; .* from 1 to 256/);
    expect(() => controls.setThreads("2" as never)).toThrow('setThreads: "2"');
    expect(() => new ComputeEngine({ shared: false }).setThreads(0)).toThrow("setThreads: 0");
  });

  it("is a table, as text and in a notebook", () => {
    const report = new EngineReport(
      {
        ...{ simd: 256, simdReason: "faster", shared: true },
        ...{ threads: 1, threadsWanted: 3, threadsReason: "a quota of 3 CPUs (/a & b)" },
        ...{ bytesInUse: 5 << 20, peakBytes: 70 << 20, reservedBytes: 96 << 20, limitBytes: 2 ** 32 },
      },
      123.456,
    );
    expect(String(report)).toBe(
      [
        "vectors   256 bits: faster than 128 in the self-check",
        "threads   1 of 3, the others are starting: a quota of 3 CPUs (/a & b)",
        "speed     123 GFLOP/s in products of 512 × 512 matrices",
        "memory    5.0 MB in use, 70.0 MB at most so far",
        "reserved  96.0 MB of 4.00 GB, shared",
      ].join("\n"),
    );
    const bundle = (report[DISPLAY] as () => Record<string, string>)();
    expect(bundle["text/plain"]).toBe(String(report));
    expect(bundle["text/html"]).toContain("a quota of 3 CPUs (/a &#38; b)");
  });
});
