// What the server suggests at a place in a cell → what JupyterLab shows there.
import { builtinModules } from "node:module";
import type { DeclaredKind } from "../cell/compiled.ts";
import { TYPE_OF_KIND } from "./details.ts";
import type { ServerRange } from "./diagnostics.ts";
import { installedPackages } from "./modules.ts";
import type { Cell } from "./names.ts";
import { EARLIER, type EarlierNames, FIRST_LINE } from "./prelude.ts";
import type { Completion, CompletionItem } from "./types.ts";

interface EditRange {
  readonly insert: ServerRange;
}

/** `detail` is there when the server was asked about this one item. */
export interface ServerItem {
  readonly label: string;
  readonly detail?: string;
  readonly kind?: number;
  readonly sortText?: string;
  readonly filterText?: string;
  readonly insertText?: string;
  readonly textEdit?: {
    readonly newText: string;
    readonly range?: ServerRange;
    readonly insert?: ServerRange;
  };
}

export interface ServerCompletion {
  readonly items: readonly ServerItem[];
  readonly itemDefaults?: { readonly editRange?: ServerRange | EditRange };
}

const LONGEST_LIST = 500;
/** What comes after this in the order of the server are globals and keywords. */
const LAST_OF_NOTEBOOK = "14";
const MEMBER = "11";

/** Suggestions, and which of the server's items each one is. */
export interface Suggestions extends Completion {
  readonly origins: ReadonlyMap<CompletionItem, ServerItem>;
}

export function suggestions(
  list: ServerCompletion | null,
  cell: Cell,
  cursor: number,
  earlier: EarlierNames,
  directory: string,
): Suggestions {
  const specifier = openSpecifier(cell.text.slice(0, cursor));
  const fromServer = list ? placed(list, cell, cursor) : [];
  const start = specifier === null ? commonStart(fromServer, cell, cursor) : cursor - specifier.length;
  const written = cell.text.slice(start, cursor);
  const typed = written.toLowerCase();
  const isGlobal = fromServer.some(({ item }) => item.kind === KEYWORD && item.label === "await");

  const found = fromServer
    .filter(({ item, from, text }) => {
      if (from !== start && specifier === null) return false;
      if (isGlobal && typed === "" && order(item) > LAST_OF_NOTEBOOK) return false;
      const fits = (word: string) => word.toLowerCase().startsWith(typed);
      return fits(text) || fits(item.filterText ?? text);
    })
    .sort(
      (a, b) =>
        compare(order(a.item), order(b.item)) ||
        Number(b.text.startsWith(written)) - Number(a.text.startsWith(written)) ||
        compare(a.text, b.text),
    );

  const items = new Map<string, CompletionItem>();
  const origins = new Map<CompletionItem, ServerItem>();
  for (const { item, text } of found) {
    if (items.has(text)) continue;
    const declared = isGlobal && !cell.names.has(text) ? earlier.get(text)?.kind : undefined;
    const suggestion = { text, type: typeName(item, declared) };
    items.set(text, suggestion);
    origins.set(suggestion, item);
  }
  if (specifier !== null)
    return { start, end: cursor, items: withPackages(items, directory, typed), origins };
  return { start, end: cursor, items: [...items.values()].slice(0, LONGEST_LIST), origins };
}

/** The server knows of installed packages only what package.json names. The modules of Node come last. */
function withPackages(
  fromServer: ReadonlyMap<string, CompletionItem>,
  directory: string,
  typed: string,
): CompletionItem[] {
  const items = new Map(fromServer);
  for (const text of installedPackages(directory))
    if (text.toLowerCase().startsWith(typed)) items.set(text, { text, type: "module" });
  const isOfNode = (name: string) => name.startsWith("node:") || builtinModules.includes(name);
  return [...items.values()]
    .filter(({ text }) => !/^@[^/]*$/.test(text)) // a scope alone is no package
    .sort((a, b) => Number(isOfNode(a.text)) - Number(isOfNode(b.text)) || compare(a.text, b.text));
}

interface Placed {
  readonly item: ServerItem;
  readonly text: string;
  /** Where in the cell the text begins. */
  readonly from: number;
}

function placed(list: ServerCompletion, cell: Cell, cursor: number): Placed[] {
  const lineStart = cell.text.lastIndexOf("\n", cursor - 1) + 1;
  const line = cell.text.slice(0, lineStart).split("\n").length - 1 + FIRST_LINE;
  const shared = list.itemDefaults?.editRange;
  const word = wordStart(cell.text, cursor);
  return list.items
    .filter(({ label }) => !label.startsWith(EARLIER))
    .map((item) => {
      const range = item.textEdit?.range ?? item.textEdit?.insert ?? rangeOf(shared);
      const from = range?.start.line === line ? lineStart + range.start.character : word;
      return { item, text: item.textEdit?.newText ?? item.insertText ?? item.label, from };
    });
}

function rangeOf(range: ServerRange | EditRange | undefined): ServerRange | undefined {
  return range && "insert" in range ? range.insert : range;
}

/** Jupyter has one start for all suggestions: that of the word, or else the most frequent one. */
function commonStart(placed: readonly Placed[], cell: Cell, cursor: number): number {
  const word = wordStart(cell.text, cursor);
  if (placed.length === 0 || placed.some(({ from }) => from === word)) return word;
  const counts = new Map<number, number>();
  for (const { from } of placed) counts.set(from, (counts.get(from) ?? 0) + 1);
  const [[start]] = [...counts].sort(([, a], [, b]) => b - a) as [[number, number]];
  return start;
}

function wordStart(text: string, cursor: number): number {
  const word = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(text.slice(0, cursor)) as RegExpExecArray;
  return cursor - word[0].length;
}

/** The part already typed of a package's name in an import, or null. */
function openSpecifier(before: string): string | null {
  return (
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"'./\n][^"'\n]*|)$/.exec(before)?.[1] ?? null
  );
}

function order(item: ServerItem): string {
  return item.sortText ?? MEMBER;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KEYWORD = 14;

/** The protocol's numbers → the names for which JupyterLab has an icon. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  2: "function",
  3: "function",
  4: "function",
  5: "property",
  6: "instance",
  7: "class",
  8: "interface",
  9: "module",
  10: "property",
  13: "enum",
  [KEYWORD]: "keyword",
  17: "path",
  19: "path",
  20: "property",
  21: "instance",
  22: "type",
  25: "type",
};

/** To the server every name of an earlier cell is an import; what it really is, is known here. */
function typeName(item: ServerItem, declared: DeclaredKind | undefined): string {
  return (declared && TYPE_OF_KIND[declared]) ?? TYPE_NAMES[item.kind ?? 0] ?? "text";
}
