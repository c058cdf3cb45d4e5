// Makes build/vega.mjs: Vega and Vega-Lite in one file, which imports in a fraction of the time the packages take.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = new URL("../../", import.meta.url);
const OUTPUT = fileURLToPath(new URL("build/vega.mjs", ROOT));

/** Writes the file, unless it is there already for the installed versions; says whether it was written. */
export async function bundleVega() {
  const require = createRequire(import.meta.url);
  const versions = ["vega", "vega-lite"].map((name) => `${name} ${require(`${name}/package.json`).version}`);
  const banner = `// ${versions.join(", ")}; made by lib/plot/bundle-vega.mjs`;
  if (existsSync(OUTPUT) && readFileSync(OUTPUT, "utf8").startsWith(banner)) return false;
  await build({
    stdin: {
      contents: 'export * as vega from "vega"; export { compile } from "vega-lite";',
      resolveDir: fileURLToPath(ROOT),
    },
    bundle: true,
    minifySyntax: true,
    format: "esm",
    platform: "browser",
    mainFields: ["browser", "module", "main"],
    banner: { js: banner },
    outfile: OUTPUT,
    logLevel: "error",
  });
  return true;
}
