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
`;

it("compiles every function of the core, and joins its vectors", () => {
  const core = fileURLToPath(new URL("../../../build/core.wasm", import.meta.url));
  const flags = [
    ...["--experimental-wasm-revectorize", "--trace-wasm-revectorize"],
    // Optimised at once and wholly, before the module is there.
    ...["--no-liftoff", "--no-wasm-lazy-compilation", "--wasm-num-compilation-tasks=1"],
  ];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "-e", source, core],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
  const count = (part: string) => stdout.split(part).length - 1;
  expect(count("Begin revec function")).toBeGreaterThan(80);
  const joined = count("After tree building");
  expect(joined).toBeGreaterThan(500);
  // What cannot be joined is the few elements behind the last whole vector.
  expect(count("tree failed")).toBeLessThan(joined / 20);
});
