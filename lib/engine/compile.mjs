// Compiles kernels/*.ts (AssemblyScript) to build/core.wasm when their text has changed since the last time.
// Run by `npm run prepare`, or by hand: node lib/engine/compile.mjs
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(here, "../..");

// Memory is shared and comes from outside; the first 64 KB hold the thread pool's control block.
const flags = [
  ...["-O3", "--noAssert", "--runtime", "stub", "--noExportMemory"],
  ...["--enable", "simd", "--enable", "relaxed-simd", "--enable", "threads"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "32", "--maximumMemory", "65536"],
  ...["--memoryBase", "65536"],
];

/** Compiles if needed; returns whether it did. */
export async function compile() {
  const kernels = join(here, "kernels");
  const hash = createHash("sha256").update(flags.join(" "));
  const files = readdirSync(kernels).filter((name) => name.endsWith(".ts"));
  for (const file of [...files.sort().map((name) => join(kernels, name)), join(here, "opcodes.ts")]) {
    hash.update(readFileSync(file));
  }
  const digest = hash.digest("hex");
  const output = join(root, "build", "core.wasm");
  const stamp = `${output}.sha256`;
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) return false;

  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(join(root, "build"), { recursive: true });
  const { error, stderr } = await asc.main(
    ["lib/engine/kernels/index.ts", "-o", "build/core.wasm", ...flags],
    {
      readFile: (name, base) => {
        const path = resolve(root, base, name);
        return existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: (name, contents) => writeFileSync(resolve(root, name), contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`The compute core did not compile.\n${stderr.toString()}`);
  writeFileSync(stamp, digest);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const started = performance.now();
  const done = await compile();
  console.log(
    done
      ? `build/core.wasm compiled in ${Math.round(performance.now() - started)} ms`
      : "build/core.wasm is up to date",
  );
}
