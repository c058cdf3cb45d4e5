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
  const count = (part: string) => stdout.split(part).length - 1;
  expect(count("Begin revec function")).toBeGreaterThan(30);
  // What cannot be joined is the few elements behind the last whole vector, about one pair in every third function.
  expect(count("After tree building")).toBeGreaterThan(100);
  expect(count("tree failed")).toBeLessThan(20);
});
