// Builds what cannot run as it is: the compute core's AssemblyScript becomes WebAssembly (unless its sources are unchanged).
// npm runs this as `prepare` after each install; the other set-up scripts call build().

import { pathToFileURL } from "node:url";
import { compile } from "../lib/engine/compile.mjs";
import { main, SetupError, say } from "./run.mjs";

export async function build() {
  try {
    if (await compile()) say("compiled the compute core (build/core.wasm)");
  } catch (error) {
    throw new SetupError(`The compute core could not be built.\n${error.message}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(build);
