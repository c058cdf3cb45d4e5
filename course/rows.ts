// The rows of the course: every example of its sources has an ID, and a cell that reproduces one carries the ID as a tag.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Executed } from "./execute.ts";

/** IDs by source, as ranges: `{"S0": ["01-57"]}` is S0-01 to S0-57. */
const list = new URL("../notebooks/rows.json", import.meta.url);

const LOOKS_LIKE_ROW = /^S\d+-\d+/i;

/** What the lectures say about the rows. */
export interface Rows {
  /** All IDs, in order. */
  readonly known: readonly string[];
  /** IDs of which a tagged cell ran and a check in it passed. */
  readonly reproduced: ReadonlySet<string>;
  /** IDs that are tagged, but without a check that passed, with the lecture's name. */
  readonly unchecked: readonly string[];
  /** Tags that look like an ID and are none. */
  readonly unknown: readonly string[];
}

/** Counts the rows that the executed lectures reproduce. */
export function countRows(lectures: readonly Executed[], known = knownRows()): Rows {
  const all = new Set(known);
  const reproduced = new Set<string>();
  const tagged = new Map<string, string>();
  const unknown: string[] = [];
  for (const { path, notebook } of lectures) {
    for (const cell of notebook.cells) {
      const rows = (cell.metadata.tags ?? []).filter((tag) => LOOKS_LIKE_ROW.test(tag));
      const outputs = cell.outputs ?? [];
      const failed = outputs.some((output) => output.output_type === "error");
      for (const row of rows) {
        if (!all.has(row)) unknown.push(`${row} in ${basename(path)}`);
        else if (!failed && outputs.some(isPassedCheck)) reproduced.add(row);
        else tagged.set(row, basename(path));
      }
    }
  }
  const unchecked = [...tagged].filter(([row]) => !reproduced.has(row));
  return { known, reproduced, unchecked: unchecked.map(([row, name]) => `${row} in ${name}`), unknown };
}

/** Every ID of the course, in order. */
export function knownRows(): string[] {
  const sources: Record<string, string[]> = JSON.parse(readFileSync(list, "utf8"));
  return Object.entries(sources).flatMap(([source, ranges]) =>
    ranges.flatMap((range) => {
      const [first, last] = range.split("-") as [string, string];
      const length = Number(last) - Number(first) + 1;
      const number = (i: number) => String(Number(first) + i).padStart(first.length, "0");
      return Array.from({ length }, (_, i) => `${source}-${number(i)}`);
    }),
  );
}

/** Checks say so in the metadata of what they show: see lib/check/report.ts. */
function isPassedCheck(output: object): boolean {
  const { metadata } = output as { metadata?: { lectern?: { check?: string } } };
  return metadata?.lectern?.check === "passed";
}
