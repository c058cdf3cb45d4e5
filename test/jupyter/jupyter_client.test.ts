// The kernel under the real jupyter_client and nbclient.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

const place = new Place();
let found: Record<string, unknown>;

beforeAll(async () => {
  await place.installKernel();
  const script = join(root, "test", "jupyter", "jupyter_client_checks.py");
  const { code, stdout, stderr } = await place.python(script);
  if (code !== 0) throw new Error(stderr);
  found = JSON.parse(stdout);
}, 600_000);
afterAll(() => place.remove());

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
