// The kernel under the real jupyter_client and nbclient.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../kernel/folders.ts";
import { python } from "./programs.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

let found: Record<string, unknown>;

beforeAll(async () => {
  const directory = temporaryFolder();
  const spec = JSON.parse(readFileSync(path("kernel.json"), "utf8")) as object;
  const argv = [process.execPath, path("kernel/main.ts"), "{connection_file}"];
  mkdirSync(join(directory, "kernels/lectern"), { recursive: true });
  writeFileSync(join(directory, "kernels/lectern/kernel.json"), JSON.stringify({ ...spec, argv }));
  found = await new Promise((resolve, reject) => {
    const [JUPYTER_CONFIG_DIR, JUPYTER_RUNTIME_DIR] = [join(directory, "config"), join(directory, "runtime")];
    const env = { ...process.env, JUPYTER_PATH: directory, JUPYTER_CONFIG_DIR, JUPYTER_RUNTIME_DIR };
    const options = { cwd: directory, env, timeout: 590_000 };
    execFile(python, [path("test/jupyter/jupyter_client_checks.py")], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(JSON.parse(stdout) as Record<string, unknown>);
    });
  });
}, 600_000);

test("kernel_info on both channels", () => {
  expect(found).toMatchObject({ language: "typescript", protocol: "5.5", control_info: "ok" });
});

test("streams, results and errors", () => {
  expect(found).toMatchObject({
    stream: { name: "stdout", text: "hello, world\n" },
    result: "12",
    error: ["RangeError", "too far"],
    error_published: ["RangeError", "too far"],
  });
});

test("questions are answered by the client's hook; a client that takes none gets an error", () => {
  expect(found).toMatchObject({
    asked: [
      ["name? ", false, "execute_request"],
      ["sync? ", false, "execute_request"],
      ["secret? ", true, "execute_request"],
    ],
    answered: "'answer 1,answer 2,answer 3'",
    nobody: "StdinNotImplementedError",
    nbclient_asked: "'StdinNotImplementedError'",
  });
});

test("nbclient stores the state of widgets, with their buffers", () => {
  expect(found).toMatchObject({
    widget: { is_shown: true, model: "IntSliderModel", value: 7, buffers: [[["data"], "AQID"]] },
  });
});

test("heartbeat, interrupt with the state kept, restart, shutdown", () => {
  expect(found).toMatchObject({
    heartbeat: true,
    interrupted: "KeyboardInterrupt",
    kept: "'hello, world'",
    forgotten: "'undefined'",
    alive: false,
  });
});

test("nbclient stores the outputs, and goes on after an error and after a cell out of time", () => {
  expect(found).toMatchObject({
    outputs: [[], ["21"], ["Error"], ["22"]],
    language_info: "typescript",
    after_timeout: [[], ["KeyboardInterrupt"], ["1"]],
  });
});
