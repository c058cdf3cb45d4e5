// docs/faults.md says what is tested, and everything that it says is.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rows = readFileSync(join(root, "docs", "faults.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---"))
  .map((line) => line.split("|").at(-2)!.trim())
  .filter((title) => title !== "Test");
const files = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(root, folder, file), "utf8"));

test("every row of the table of faults names a test that exists", () => {
  const tests = files("test").join("\n");
  const quoted = (title: string) => ['"', "'", "`"].some((quote) => tests.includes(quote + title + quote));
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter((title) => !quoted(title))).toEqual([]);
});

test("no time limit is measured with a clock that may jump", () => {
  const using = ["kernel/process", "kernel/messages", "kernel/language", "kernel/wire"]
    .flatMap(files)
    .filter((text) => text.includes("Date.now()"))
    .map((text) => text.split("\n")[0]);
  expect(using).toEqual([]);
});
