// What may import what in lib/: a folder builds on those below it and on those beside it, never on one above.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** From the bottom to the top, as docs/architecture.md draws them; folders of a row know each other. */
const rows = [
  ["io", "special"],
  ["plot"],
  ["engine"],
  ["tensor", "autograd", "ops", "random"],
  ["linalg", "fft"],
  ["check", "metrics", "data", "probability"],
  ["nn", "optim", "train"],
  ["index.ts"],
];

const root = new URL("../../lib/", import.meta.url);
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

const roomOf = (file: string) => file.split("/")[0]!;
const rowOf = (file: string) => rows.findIndex((row) => row.includes(roomOf(file)));

/** Every import of a file of the library, also of types and at run time, as `[importing file, imported file]`. */
const imports = files.flatMap((file) =>
  [...readFileSync(new URL(file, root), "utf8").matchAll(/(?:\bfrom|\bimport\(?) ?"(\.[^"]+)"/g)].map(
    ([, path]) => [file, new URL(path!, new URL(file, root)).href.slice(root.href.length)] as const,
  ),
);

test("every folder has its place", () => {
  expect([...new Set(files.map(roomOf))].sort()).toEqual(rows.flat().sort());
});

test("nothing imports from a row above", () => {
  expect(imports.length).toBeGreaterThan(500);
  expect(imports.filter(([file, imported]) => rowOf(imported) > rowOf(file))).toEqual([]);
});
