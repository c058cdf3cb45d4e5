// V8's 256-bit pass over every function of the core. The pass is experimental and has aborted the process on code it did
// not expect; in normal running a function meets it only when hot, so here all are compiled at once.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = `
  import { readFileSync } from "node:fs";
  const module = new WebAssembly.Module(readFileSync(process.argv[1]));
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  new WebAssembly.Instance(module, { env: { memory, abort() {} } });
  // The optimising compiler works in the background; its trace says how far it is.
  setTimeout(() => {}, 3000);
`;

it("compiles every function of the core, and joins its vectors", () => {
  const core = fileURLToPath(new URL("../../../build/core.wasm", import.meta.url));
  const flags = [
    ...["--experimental-wasm-revectorize", "--trace-wasm-revectorize"],
    ...["--no-wasm-dynamic-tiering", "--no-wasm-lazy-compilation"],
  ];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "-e", source, core],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
  const functions = stdout.split("Begin revec function").slice(1);
  expect(functions.length).toBeGreaterThan(30);
  const count = (text: string, part: string) => text.split(part).length - 1;
  // What cannot be joined is at most one pair a function: the few elements behind the last whole vector.
  for (const trace of functions) expect(count(trace, "tree failed"), trace).toBeLessThanOrEqual(1);
  expect(count(stdout, "After tree building")).toBeGreaterThan(100);
});
