// Builds what does not run as it is, unless it is there already: the compute core's AssemblyScript becomes WebAssembly, and
// Vega's hundreds of files become one that loads in a third of the time. npm runs this as `prepare` after each install; the
// other set-up scripts call build().

import { pathToFileURL } from "node:url";
import { compile } from "../lib/engine/compile.mjs";
import { main, SetupError, say } from "./run.mjs";

export async function build() {
  try {
    if (await compile()) say("compiled the compute core (build/core.wasm)");
  } catch (error) {
    throw new SetupError(`The compute core could not be built.\n${error.message}`);
  }
  // Not at the top: it needs a dependency, and `npm start` loads this file before there are any.
  const { bundleVega } = await import("../lib/plot/bundle-vega.mjs");
  await bundleVega();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(build);
