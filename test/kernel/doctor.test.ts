// `lectern doctor` on a copy of Lectern in a temporary folder: sound, and with one thing after another broken.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "lectern doctor "));
const copy = join(place, "copy");
const core = join("build", "core.wasm");
const kernels = join(place, "jupyter", "kernels");

function lectern(args: string[], env: Record<string, string> = {}) {
  const folders = { JUPYTER_PATH: "", JUPYTER_DATA_DIR: join(place, "jupyter"), VIRTUAL_ENV: place };
  return spawnSync(process.execPath, [join(copy, "kernel", "cli", "lectern.mjs"), ...args], {
    encoding: "utf8",
    env: { ...process.env, LECTERN_THREADS: "2", LECTERN_SIMD: "", ...folders, ...env },
  });
}

/** Runs the doctor, which has to find exactly one problem; returns its line. */
function problem(env: Record<string, string> = {}): string | undefined {
  const { stdout, stderr, status } = lectern(["doctor"], env);
  expect({ stderr, status }).toEqual({ stderr: "", status: 1 });
  const lines = stdout.split("\n").filter((line) => line.startsWith("✗"));
  expect(lines).toHaveLength(1);
  expect(stdout).toMatch(/\nOne problem: see ✗ above\.\n$/);
  return lines[0];
}

beforeAll(() => {
  for (const path of ["kernel", "kernel.json", "lib/engine", "lib/plot/bundle.ts", "package.json", core])
    cpSync(join(root, path), join(copy, path), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
});
afterAll(() => rmSync(place, { recursive: true, force: true, maxRetries: 5 }));

describe("lectern doctor", () => {
  test("names what it has found, and is content", () => {
    expect(lectern(["install", "--user"]).status).toBe(0);
    const { stdout, stderr, status } = lectern(["doctor"]);
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(stdout).toContain(`✓ node             ${process.versions.node} (${process.execPath})\n`);
    expect(stdout).toContain(`✓ kernel           TypeScript (Lectern): ${join(kernels, "lectern")}\n`);
    expect(stdout).toMatch(/^✓ language server {2}starts in \d+ ms$/m);
    expect(stdout).toMatch(/^✓ zeromq {11}libzmq [\d.]+, sockets can be opened$/m);
    expect(stdout).toMatch(/^✓ compute core {5}vectors of (256|128) bits \(.+\)$/m);
    expect(stdout).toMatch(/^✓ self-check {7}ok/m);
    expect(stdout).toMatch(/^✓ threads {10}2: LECTERN_THREADS=2$/m);
    expect(stdout).toMatch(/^✓ speed {12}[\d.]+ GFLOP\/s on one thread, [\d.]+ GFLOP\/s on 2$/m);
    expect(stdout).toMatch(/^✓ memory {11}grows as needed, to 4\.00 GB at most$/m);
    expect(stdout).not.toContain("✗");
  });

  test("finds a kernelspec whose program has gone", () => {
    const file = join(kernels, "lectern", "kernel.json");
    const spec = readFileSync(file, "utf8");
    writeFileSync(file, spec.replace("main.ts", "gone.ts"));
    expect(problem()).toMatch(/^✗ kernel .*gone\.ts, which is not there: run `lectern install` again$/);
    writeFileSync(file, spec);
  });

  test("finds an environment that makes no sense, and one without SharedArrayBuffer", () => {
    expect(problem({ LECTERN_THREADS: "abc" })).toMatch(
      /^✗ compute core .*LECTERN_THREADS=abc is no number of threads/,
    );
    const without = '--import "data:text/javascript,delete globalThis.SharedArrayBuffer"';
    expect(problem({ NODE_OPTIONS: without })).toMatch(/^✗ threads .*no SharedArrayBuffer/);
  });

  test("finds that the core was not built, that it crashes, and that V8 refuses its flag", () => {
    rmSync(join(copy, core));
    expect(problem()).toMatch(/^✗ compute core .*missing \(.*core\.wasm\): run "npm run prepare" once/);

    cpSync(join(root, core), join(copy, core));
    const file = join(copy, "lib", "engine", "node.ts");
    const source = readFileSync(file, "utf8");
    const breakFlag = (code: string) => {
      const broken = source.replace("enableWideVectors() {", `enableWideVectors() { ${code}`);
      expect(broken).not.toBe(source);
      writeFileSync(file, broken);
    };
    breakFlag("process.abort();");
    expect(problem()).toMatch(/^✗ compute core .*gave no answer: ended (by SIGABRT|with code \d+)/);
    breakFlag('return "refused";');
    expect(problem()).toMatch(/^✗ self-check .*refuses --experimental-wasm-revectorize/);
  });
});
