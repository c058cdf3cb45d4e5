// The examples in the doc comments of the library: each is run, and what it says after "→" is compared with the value.
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as lectern from "../../lib/index.ts";

const root = new URL("../../lib/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.startsWith("engine/kernels/"))
  .sort();

/** A line of an example that states a value. */
const statement = /^(.*?);?\s*\/\/ → (.*)$/gm;

/** The `@example` blocks of a file that state a value. */
function examplesIn(source: string): string[] {
  const found: string[] = [];
  for (const [comment] of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    const [, ...blocks] = comment.split(/^\s*\* @example\s*$/m);
    for (const block of blocks) {
      const text = block.replace(/\*\/$/, "").split(/^\s*\* @/m)[0]!;
      const code = text.replace(/^\s*\* ?/gm, "").trim();
      if (/\/\/ → /.test(code)) found.push(code);
    }
  }
  return found;
}

/** What `lectern` exports; for names that mean a layer there and an operation here, the file the example stands in wins. */
async function namesFor(file: string): Promise<Record<string, unknown>> {
  return { ...lectern, ...(await import(new URL(file, root).href)) };
}

async function run(code: string, names: Record<string, unknown>): Promise<[value: string, stated: string][]> {
  const compared: [string, string][] = [];
  const compare = (value: unknown, stated: string) => compared.push([inspect(value), stated]);
  const script = stripTypeScriptTypes(code).replace(
    statement,
    (_, expression, stated) => `compare((${expression}), ${JSON.stringify(stated)});`,
  );
  const body = `"use strict"; return (async () => {\n${script}\n})();`;
  await new Function("compare", ...Object.keys(names), body)(compare, ...Object.values(names));
  return compared;
}

const documented = files
  .map((file) => ({ file, examples: examplesIn(readFileSync(new URL(file, root), "utf8")) }))
  .filter(({ examples }) => examples.length > 0);

test("there are examples", () => {
  expect(documented.length).toBeGreaterThan(10);
});

describe.each(documented)("lib/$file", ({ file, examples }) => {
  test.each(examples)("%s", async (code) => {
    const compared = await run(code, await namesFor(file));
    expect(compared).not.toEqual([]);
    for (const [value, stated] of compared) expect(value).toBe(stated);
  });
});
