// Loading: nothing happens at import, the environment is heeded, a missing build is explained, idle threads let the process end.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

const home = fileURLToPath(new URL("../../../lib/engine/", import.meta.url));

function run(directory: string, body: string, env: Record<string, string> = {}) {
  const source = `import { engine } from ${JSON.stringify(pathToFileURL(join(directory, "engine.ts")).href)};\n${body}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    timeout: 100_000,
  });
}

describe("loading the engine", () => {
  it("takes the vector width and the number of threads from the environment, and lets the process end", () => {
    const body = "engine.core; await engine.threadsReady(); console.log(JSON.stringify(engine.info()));";
    const { stdout, status } = run(home, body, { LECTERN_SIMD: "128", LECTERN_THREADS: "3" });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ simd: 128, threads: 3, threadsWanted: 3 });
  });

  it("refuses an environment it cannot follow, at every use", () => {
    const body = `
      for (let i = 0; i < 2; i++) {
        try { engine.core; } catch (error) { console.log(error.name, error.message.slice(0, 50)); }
      }`;
    expect(run(home, body, { LECTERN_THREADS: "abc" }).stdout).toBe(
      "RangeError LECTERN_THREADS=abc is no number of threads: give \n".repeat(2),
    );
    expect(run(home, body, { LECTERN_SIMD: "512" }).stdout).toBe(
      "RangeError LECTERN_SIMD=512: vectors have 128 or 256 bits; le\n".repeat(2),
    );
  });

  it("says why it runs as it does", () => {
    const why = "JSON.stringify([info.simdReason, info.shared, info.threads, info.threadsReason])";
    const body = `const info = engine.info(); console.log(${why});`;
    const asked = run(home, body, { LECTERN_SIMD: "128", LECTERN_THREADS: "1" });
    expect(JSON.parse(asked.stdout)).toEqual(["asked for", true, 1, "LECTERN_THREADS=1"]);
    const later = run(home, `engine.setThreads(1); ${body}`, { LECTERN_SIMD: "256", LECTERN_THREADS: "2" });
    expect(JSON.parse(later.stdout)).toEqual(["asked for", true, 1, "setThreads(1)"]);
  });

  it("costs nothing at import and says what to do when the core has not been built", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "lectern-engine-"));
    try {
      cpSync(home, join(elsewhere, "lib/engine"), { recursive: true });
      const body = 'console.log("imported"); engine.core;';
      const { stdout, stderr, status } = run(join(elsewhere, "lib/engine"), body);
      expect(stdout).toBe("imported\n");
      expect(stderr).toMatch(/compute core is missing .*run "npm run prepare"/);
      expect(status).toBe(1);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("runs threads asked for later and fewer again", () => {
    const body = `
      engine.setThreads(2); await engine.threadsReady(); console.log(engine.info().threads);
      engine.setThreads(1); console.log(engine.info().threads);
      engine.setThreads(2); console.log(engine.info().threads);
      try { engine.setThreads(0); } catch (error) { console.log(error.message); }`;
    const { stdout } = run(home, body, { LECTERN_THREADS: "1" });
    expect(stdout).toBe(
      "2\n1\n2\nsetThreads: 0 is no number of threads; give a whole number from 1 to 256\n",
    );
  });
});
