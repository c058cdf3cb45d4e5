// The documents which the server sees: they exist only in its memory, as if they lay in the notebook's folder.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Server } from "./server.ts";

/** Compiler options. */
export const CONFIG = "__notebook_tsconfig.json";
/** The newest declaration of every name, re-exported. */
export const NAMES = "__notebook_names.ts";
/** The cell that is checked. */
export const CHECKED = "__notebook_checked.ts";
/** The cell in which something is looked up; apart from the checked one, so that a slow check does not disturb it. */
export const PROBE = "__notebook_probe.ts";
/** The types of what the kernel adds to the global scope. */
export const GLOBALS = "__notebook_globals.d.ts";
/** An executed cell. */
export const cellFile = (slot: number): string => `__notebook_cell_${slot}.ts`;

/** The slot of an executed cell's document. */
export function slotOf(document: string): number | null {
  const slot = /^__notebook_cell_(\d+)\.ts$/.exec(document)?.[1];
  return slot === undefined ? null : Number(slot);
}

/**
 * The documents of one server. There is no way to close one: TypeScript 7.0.2 ends with a panic when a document of a
 * project without files on disk is closed.
 */
export class Documents {
  readonly #server: Server;
  readonly #directory: string;
  readonly #texts = new Map<string, string>();
  #version = 0;

  constructor(server: Server, directory: string) {
    this.#server = server;
    this.#directory = directory;
  }

  /** The names of all documents so far. */
  names(): string[] {
    return [...this.#texts.keys()];
  }

  uri(name: string): string {
    return pathToFileURL(join(this.#directory, name)).href;
  }

  /** Gives the server a document, or the new text of one. */
  put(name: string, content: string): void {
    const text = content.toWellFormed(); // behind half a character the server would count differently
    const old = this.#texts.get(name);
    if (old === text) return;
    this.#texts.set(name, text);
    const document = { uri: this.uri(name), version: ++this.#version };
    if (old !== undefined) {
      this.#server.notify("textDocument/didChange", { textDocument: document, contentChanges: [{ text }] });
    } else {
      const languageId = name.endsWith(".json") ? "json" : "typescript";
      this.#server.notify("textDocument/didOpen", { textDocument: { ...document, languageId, text } });
    }
  }
}
