// %who and %whos: the names of the notebook, as a list and as a table.
import type { Magic, MagicExtra, NamedValue } from "./magic.ts";
import { shortValue, typeName } from "./values.ts";

export const who: Magic = {
  name: "who",
  marks: ["%"],
  usage: "%who",
  summary: "lists the names of the notebook",
  argument: /^$/,
  run(user, _argument, extra) {
    const names = sorted(extra).map(([name]) => name);
    user.print(names.length > 0 ? `${names.join("  ")}\n` : `${NONE}\n`);
  },
};

export const whos: Magic = {
  name: "whos",
  marks: ["%"],
  usage: "%whos",
  summary: "shows the names of the notebook with kind, type and value",
  details: "No getter runs for it.",
  argument: /^$/,
  run(user, _argument, extra) {
    const rows = sorted(extra).map((named) => [named[0], named[1], ...described(named)]);
    if (rows.length === 0) user.print(`${NONE}\n`);
    else user.display({ "text/plain": plainTable(rows), "text/html": htmlTable(rows) });
  },
};

const NONE = "The notebook has no names yet.";
const HEAD = ["Name", "Kind", "Type", "Value"];

function sorted({ names = [] }: MagicExtra): readonly NamedValue[] {
  return [...names].sort(([a], [b]) => a.localeCompare(b, "en"));
}

/** A name that is only a type has nothing more to say. */
function described(named: NamedValue): string[] {
  return named.length < 3 ? ["", ""] : [typeName(named[2]), shortValue(named[2])];
}

function plainTable(rows: readonly string[][]): string {
  const widths = HEAD.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] as number))
      .join("  ")
      .trimEnd();
  return [line(HEAD), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function htmlTable(rows: readonly string[][]): string {
  const row = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag} style="text-align: left">${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${row(HEAD, "th")}</thead><tbody>${rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] as string);
}
