// history_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
import type { Handler } from "./handler.ts";

/** The cells of this session, in memory: [session, line, input, output]. Session 0 is the present one. */
export interface HistoryEntry {
  readonly line: number;
  readonly input: string;
  output: string | null;
}

export const history: Handler = (kernel, request) => {
  const { hist_access_type, n, output, start, stop, pattern, unique } = request.message.content;
  let entries: readonly HistoryEntry[] = kernel.history;
  if (hist_access_type === "range") {
    const last = typeof stop === "number" ? stop : Number.POSITIVE_INFINITY;
    entries = entries.filter(({ line }) => line >= Number(start ?? 0) && line < last);
  } else {
    if (hist_access_type === "search") entries = search(entries, String(pattern ?? "*"), unique === true);
    if (typeof n === "number") entries = entries.slice(-n);
  }
  const rows = entries.map((entry) => [
    0,
    entry.line,
    output === true ? [entry.input, entry.output] : entry.input,
  ]);
  return { content: { status: "ok", history: rows } };
};

/** The pattern is that of file names: `*` is any text, `?` any character. */
function search(entries: readonly HistoryEntry[], pattern: string, unique: boolean): readonly HistoryEntry[] {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const expression = new RegExp(`^${escaped}$`, "s");
  const found = entries.filter(({ input }) => expression.test(input));
  return unique ? [...new Map(found.map((entry) => [entry.input, entry])).values()] : found;
}
