// The core in a headless Chromium, bundled as for a page: with shared memory and threads where the server isolates the page
// (COOP and COEP), on one thread where it does not, and the same bits as in Node.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../../../setup/chromium.mjs";
import { fingerprints } from "./bits.ts";
import type { Outcome } from "./browser-program.ts";

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const forBrowsers: Plugin = {
  name: "platform of browsers",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/node\.ts$/ }, () => ({ path: file("../../../lib/engine/browser.ts") }));
  },
};

/** The bundle's files by name. esbuild refuses imports of Node's modules. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: {
      program: file("browser-program.ts"),
      worker: file("../../../lib/engine/browser-worker.ts"),
    },
    outdir: "/",
    bundle: true,
    format: "esm",
    platform: "browser",
    plugins: [forBrowsers],
    write: false,
    logLevel: "silent",
  });
  return new Map([
    ["page.html", Buffer.from("<!doctype html>")],
    ["core.wasm", readFileSync(file("../../../build/core.wasm"))],
    ...outputFiles.map(({ path, contents }): [string, Uint8Array] => [path.slice(1), contents]),
  ]);
}

const types: Record<string, string> = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** For a busy machine. */
const limit = 120_000;

let server: Server;
let browser: Browser;
let expected: Record<string, string>;

beforeAll(async () => {
  const files = await bundle();
  server = createServer(({ url = "" }, response) => {
    const [, folder, name = ""] = url.split("/");
    const content = files.get(name);
    const headers = { "Content-Type": types[name.split(".").at(-1)!] ?? "text/plain" };
    response.writeHead(content ? 200 : 404, { ...headers, ...(folder === "isolated" ? isolation : {}) });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"], timeout: limit });
  expected = fingerprints();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

async function compute(folder: "isolated" | "alone", place: "page" | "worker"): Promise<Outcome> {
  const page = await browser.newPage();
  page.setDefaultTimeout(limit);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${folder}/`;
  await page.goto(`${url}page.html`);
  const inPage = `import("${url}program.js").then(({ run }) => run())`;
  const inWorker = `new Promise((resolve, reject) => {
    const worker = new Worker("${url}program.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage("run");
  })`;
  const outcome = await page.evaluate(place === "page" ? inPage : inWorker);
  await page.close();
  return outcome as Outcome;
}

test(
  "a worker of an isolated page has threads",
  async () => {
    const { info, bits } = await compute("isolated", "worker");
    expect(info).toMatchObject({ shared: true, simd: 128, simdReason: "absent" });
    expect(info.threads).toBe(info.threadsWanted);
    expect(info.threadsReason).toMatch(/CPUs?, as the browser says$/);
    expect(bits).toEqual(expected);
  },
  limit,
);

test(
  "an isolated page itself computes on one thread, since it must not wait",
  async () => {
    const { info, bits } = await compute("isolated", "page");
    expect(info).toMatchObject({ shared: true, threads: 1, threadsWanted: 1 });
    expect(info.threadsReason).toBe("the thread of a page must not wait: run the library in a Web Worker");
    expect(bits).toEqual(expected);
  },
  limit,
);

test(
  "a page that is not isolated has memory of its own and one thread",
  async () => {
    const { info, bits } = await compute("alone", "worker");
    expect(info).toMatchObject({ shared: false, threads: 1, threadsWanted: 1 });
    expect(bits).toEqual(expected);
  },
  limit,
);
