// Where a name is declared, as the user knows the place, with the text of the declaration if it is in a cell.
import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { namesOf } from "../cell/names.ts";
import { parseTypeScript } from "../cell/source.ts";
import type { ServerRange } from "./diagnostics.ts";
import { FIRST_LINE } from "./prelude.ts";
import type { Hover } from "./types.ts";

export interface ServerLocation {
  readonly uri: string;
  readonly range: ServerRange;
}

/** A cell whose document the server names. */
export interface KnownCell {
  readonly label: string;
  readonly text: string;
}

const MOST_LINES = 60;

/** `cellOf` gives the cell behind the name of a document. */
export function definitionText(
  { uri, range }: ServerLocation,
  directory: string,
  cellOf: (document: string) => KnownCell | undefined,
): Hover | null {
  if (!uri.startsWith("file:")) return null;
  const path = fileURLToPath(uri);
  const document = path.slice(path.lastIndexOf("/") + 1);
  const cell = cellOf(document);
  if (cell === undefined) {
    if (document.startsWith("__notebook_")) return null; // a global of the kernel
    const inFolder = relative(directory, path);
    const shown = inFolder.startsWith("..") || isAbsolute(inFolder) ? path : inFolder;
    const place = `${shown}, line ${range.start.line + 1}`;
    const source = /\.d\.[mc]?ts$/.test(path) ? null : declaration(readText(path), range.start.line);
    return paragraph(place, source);
  }
  return inCell(cell, range.start.line - FIRST_LINE);
}

/** The declaration of a name at the top level of a cell. */
export function nameDefinition(cell: KnownCell, name: string): Hover | null {
  const { program } = parseTypeScript(cell.text);
  const statement = program.body.find((node) =>
    namesOf({ ...program, body: [node] }).some((declared) => declared.name === name),
  );
  return statement ? inCell(cell, cell.text.slice(0, statement.start).split("\n").length - 1) : null;
}

function inCell(cell: KnownCell, line: number): Hover {
  return paragraph(`${cell.label}, line ${line + 1}`, declaration(cell.text, line));
}

function paragraph(place: string, source: string | null): Hover {
  const code = source === null ? "" : `\n\`\`\`typescript\n${source}\n\`\`\``;
  return {
    markdown: `**Declared in** ${place}${code}`,
    plain: `Declared in ${place}${source === null ? "" : `\n${source}`}`,
  };
}

/** The statement at the top level that a line belongs to, with the comment before it; null if it is too long to show. */
function declaration(text: string, line: number): string | null {
  const offset = text.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
  const lineEnd = text.indexOf("\n", offset);
  const { program } = parseTypeScript(text);
  const statement = program.body.find(
    ({ start, end }) => start <= (lineEnd < 0 ? text.length : lineEnd) && end > offset,
  );
  if (statement === undefined) return null;
  const source = text.slice(statement.start, statement.end);
  return source.split("\n").length > MOST_LINES ? null : source;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
