// The examples in the doc comments of layers, optimizers, training, data and metrics: each is run, and each value compared.
import { readdirSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import * as lectern from "../../../lib/index.ts";

const names: Record<string, unknown> = { ...lectern };
const root = new URL("../../../lib/", import.meta.url);

interface Example {
  where: string;
  code: string;
}

function examplesIn(folder: string): Example[] {
  const found: Example[] = [];
  for (const file of readdirSync(new URL(folder, root)).filter((name) => name.endsWith(".ts"))) {
    const source = readFileSync(new URL(`${folder}/${file}`, root), "utf8");
    for (const comment of source.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
      const [, ...blocks] = comment[0].split(/^\s*\* @example\s*$/m);
      for (const block of blocks) {
        const code = block
          .replace(/\*\/$/, "")
          .split(/^\s*\* @/m)[0]
          .replace(/^\s*\* ?/gm, "");
        found.push({ where: `${folder}/${file}: ${code.trim().split("\n")[0]}`, code });
      }
    }
  }
  return found;
}

/** Turns `expression // → value` lines into comparisons and runs the example. */
function run(code: string): { value: string; expected: string }[] {
  const compared: { value: string; expected: string }[] = [];
  const script = code.replace(
    /^(.*?);? *\/\/ → (.*)$/gm,
    (_, expression, expected) => `compare((${expression}), ${JSON.stringify(expected)});`,
  );
  const compare = (value: unknown, expected: string) => compared.push({ value: inspect(value), expected });
  new Function("compare", ...Object.keys(names), stripTypeScriptTypes(script))(
    compare,
    ...Object.values(names),
  );
  return compared;
}

describe.each(["nn", "optim", "train", "data", "metrics"])("lib/%s", (folder) => {
  test.each(examplesIn(folder))("$where", ({ code }) => {
    const compared = run(code);
    expect(compared.length).toBeGreaterThan(0);
    for (const { value, expected } of compared) expect(value).toBe(expected);
  });
});
