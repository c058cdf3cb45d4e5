// Completion of magics: their names behind `%` at the start of a line, and the files that some of them take.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Completion } from "../language/types.ts";
import type { MagicCell } from "./cell.ts";
import { pathIn } from "./files.ts";
import { MAGICS, magicNamed } from "./table.ts";

/** Null where a cell goes on in TypeScript. `folder` is where the cells' process is. */
export function completeMagic(cell: MagicCell, cursor: number, folder: () => string): Completion | null {
  const { source } = cell;
  const lineStart = source.lastIndexOf("\n", cursor - 1) + 1;
  const line = source.slice(lineStart, cursor);
  const start = lineStart + line.length - line.trimStart().length;
  const typed = line.trimStart();
  const found = cell.magics.find((magic) => magic.start === start);
  const isFirst = found?.first ?? source.slice(0, start).trim() === "";
  if (/^%{1,2}\w*$/.test(typed) && (found !== undefined || isFirst)) {
    const rest = /^\w*/.exec(source.slice(cursor))?.[0].length ?? 0;
    return {
      start,
      end: cursor + rest,
      items: names(typed, isFirst),
    };
  }
  if (found === undefined || found.kind === "help" || cursor < found.argumentStart || cursor > found.end)
    return null;
  if (found.kind === "command") return { start: cursor, end: cursor, items: [] };
  const completes = magicNamed(found.name)?.completes;
  if (completes === undefined)
    return found.name === "time" ? null : { start: cursor, end: cursor, items: [] };
  const argument = source.slice(found.argumentStart, cursor).replace(/^(?:-a|--append)\s+/, "");
  if (typeof completes === "string") return files(argument, cursor, folder(), completes === "folder");
  const items = completes
    .filter((word) => word.startsWith(argument))
    .map((text) => ({ text, type: "keyword" }));
  return { start: cursor - argument.length, end: cursor, items };
}

function names(typed: string, isFirst: boolean): Completion["items"] {
  return MAGICS.flatMap(({ name, marks, summary }) =>
    marks
      .filter((mark) => mark === "%" || isFirst)
      .map((mark) => ({ text: mark + name, type: "magic", signature: summary })),
  ).filter(({ text }) => text.startsWith(typed) || text.startsWith(`%${typed}`));
}

function files(argument: string, cursor: number, folder: string, onlyFolders: boolean): Completion {
  const typed = argument.slice(/.*[/\\]/.exec(argument)?.[0].length ?? 0);
  const parent = argument.slice(0, argument.length - typed.length);
  const start = cursor - typed.length;
  try {
    const entries = readdirSync(resolve(folder, pathIn(parent === "" ? "." : parent)), {
      withFileTypes: true,
    });
    const items = entries
      .filter((entry) => entry.name.startsWith(typed) && (typed !== "" || !entry.name.startsWith(".")))
      .filter((entry) => !onlyFolders || entry.isDirectory())
      .map((entry) => ({ text: entry.isDirectory() ? `${entry.name}/` : entry.name, type: "path" }));
    return { start, end: cursor, items };
  } catch {
    return { start, end: cursor, items: [] };
  }
}
