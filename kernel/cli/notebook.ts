// Notebook files (nbformat 4): read with a check, written the way the Jupyter programs write them.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { CommandError } from "./error.ts";

type MultilineText = string | string[];

export type Output =
  | { output_type: "stream"; name: string; text: MultilineText }
  | { output_type: "display_data"; data: MimeData; metadata: object }
  | { output_type: "execute_result"; data: MimeData; metadata: object; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export type MimeData = Record<string, unknown>;

export interface Cell {
  id?: string;
  cell_type: string;
  source: MultilineText;
  metadata: { tags?: string[] };
  outputs?: Output[];
  execution_count?: number | null;
}

export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: { kernelspec?: { name?: string; language?: string }; language_info?: object };
  cells: Cell[];
}

/** Reads a notebook; throws a CommandError that says what is wrong with a file that is none. */
export function readNotebook(path: string): Notebook {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new CommandError(
      missing ? `There is no file ${path}.` : `${path} cannot be read: ${messageOf(error)}`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not a notebook: it is not valid JSON (${messageOf(error)}).`);
  }
  const problem = problemOf(value);
  if (problem) throw new CommandError(`${path} is not a notebook that can be run: ${problem}.`);
  return value as Notebook;
}

/** Writes a notebook with sorted keys, one space of indentation and texts as lists of lines. */
export function writeNotebook(path: string, notebook: Notebook): void {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(textOf(cell.source)),
    ...(cell.outputs && { outputs: cell.outputs.map(outputOnDisk) }),
  }));
  try {
    writeFileSync(path, `${JSON.stringify({ ...notebook, cells }, sortKeys, 1)}\n`);
  } catch (error) {
    throw new CommandError(`${basename(path)} cannot be written: ${messageOf(error)}`);
  }
}

/** A text that the file holds whole or as a list of lines. */
export function textOf(text: MultilineText): string {
  return Array.isArray(text) ? text.join("") : text;
}

function problemOf(value: unknown): string | null {
  if (!isRecord(value)) return "it holds no JSON object";
  if (typeof value.nbformat !== "number") return "it has no “nbformat”";
  if (value.nbformat !== 4)
    return `its format is ${value.nbformat}, and only format 4 is known (open and save it in JupyterLab)`;
  if (!isRecord(value.metadata)) return "it has no “metadata”";
  if (!Array.isArray(value.cells)) return "it has no list of “cells”";
  const bad = value.cells.findIndex((cell) => !isCell(cell));
  return bad < 0 ? null : `cell ${bad + 1} has no “cell_type”, “metadata” or “source” as it should`;
}

function isCell(cell: unknown): boolean {
  if (!isRecord(cell) || typeof cell.cell_type !== "string" || !isRecord(cell.metadata)) return false;
  const source = cell.source;
  return (
    typeof source === "string" || (Array.isArray(source) && source.every((line) => typeof line === "string"))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function outputOnDisk(output: Output): object {
  if (output.output_type === "stream") return { ...output, text: lines(textOf(output.text)) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([mime, value]) => [
    mime,
    // JSON types hold JSON; every other text, base64 included, is a list of lines.
    typeof value === "string" && !/json$/.test(mime) ? lines(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
