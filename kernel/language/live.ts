// What the values of the running notebook add to what the types say.
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Look, LookStep } from "../process/protocol.ts";
import type { MemberPlace, PathPlace } from "./places.ts";
import type { Completion, CompletionItem } from "./types.ts";

/** The process of the cells, as far as questions about code need it. */
export interface Live {
  /** What the value of a name is like, or one inside; nothing of the user's runs for it. Null if there is none. */
  look(name: string, steps: readonly LookStep[]): Promise<Look | null>;
  /** The folder that relative paths start from. */
  folder(): string;
}

const MOST_ITEMS = 500;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/**
 * Members of a value behind those of its type. If the type says nothing (any, unknown, a record) all of them; else only
 * keys of plain objects: an instance also has the private fields of its class, which the type leaves out on purpose.
 */
export function withMembers(
  fromTypes: Completion,
  place: MemberPlace,
  look: Look,
  typed: string,
): Completion {
  if (fromTypes.items.length > 0 && fromTypes.start !== place.start) return fromTypes;
  const names = new Set(fromTypes.items.map(({ text }) => text));
  const isFirst = fromTypes.items.length === 0;
  const candidates: readonly CompletionItem[] =
    place.wanted === "map keys"
      ? look.mapKeys.map((text) => ({ text, type: "property" }))
      : look.members
          .filter(({ own }) => (isFirst ? own || place.wanted === "members" : own && look.plain))
          .map(({ name, type }) => ({ text: name, type }));
  const fits = place.wanted === "members" ? isIdentifier : isPlainText;
  const added = candidates.filter(
    ({ text }) => !names.has(text) && fits(text) && text.toLowerCase().startsWith(typed.toLowerCase()),
  );
  const items = [...fromTypes.items, ...added].slice(0, MOST_ITEMS);
  return { start: place.start, end: fromTypes.end, items };
}

function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name);
}

/** Can stand between quotes of any kind as it is. */
function isPlainText(name: string): boolean {
  return !/["'`\\\n\r$]/.test(name);
}

/** The files and folders that a path in a text can go on with; hidden ones only if a dot was typed. */
export function pathCompletion(
  { folder, start }: PathPlace,
  typed: string,
  end: number,
  live: Live,
): Completion {
  try {
    const items = readdirSync(resolve(live.folder(), folder), { withFileTypes: true })
      .filter(({ name }) => name.startsWith(typed) && (typed !== "" || !name.startsWith(".")))
      .map((entry) => ({ text: entry.isDirectory() ? `${entry.name}/` : entry.name, type: "path" }));
    return { start, end, items: items.slice(0, MOST_ITEMS) };
  } catch {
    return { start: end, end, items: [] };
  }
}

/** The line about a value for a hover; null if what is said already tells it. */
export function valueLine({ preview }: Look, said: string): { markdown: string; plain: string } | null {
  if (/^(?:function|class) /.test(preview) || said.includes(`: ${preview}`)) return null;
  const fence = preview.includes("`") ? "``" : "`";
  return { markdown: `**Value:** ${fence}${preview}${fence}`, plain: `Value: ${preview}` };
}
