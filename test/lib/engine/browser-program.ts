// What the browser test bundles: loads the core from beside the bundle and computes, on a page or in a Web Worker.

import { provideCore } from "../../../lib/engine/browser.ts";
import type { EngineInfo } from "../../../lib/engine/core.ts";
import { engine } from "../../../lib/engine/engine.ts";
import { fingerprints } from "./bits.ts";

export interface Outcome {
  info: EngineInfo;
  bits: Record<string, string>;
}

export async function run(): Promise<Outcome> {
  const response = await fetch(new URL("./core.wasm", import.meta.url));
  provideCore(await response.arrayBuffer());
  engine.info();
  await engine.threadsReady();
  const info = engine.info();
  return { info, bits: fingerprints() };
}

const scope = globalThis as { onmessage?: () => void; postMessage?: (message: unknown) => void };
scope.onmessage = async () => scope.postMessage!(await run());
