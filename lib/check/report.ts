// How a check ends: a quiet green line in the notebook, or an error that says what differs.
import { escapeMarkup, liveOutput } from "../plot/bundle.ts";

/** Reads on white and on black alike (contrast at least 4.3), and is a colour that JupyterLab keeps in untrusted notebooks. */
const GREEN = "#2a8a44";

/** Of a reason: messages never grow beyond what a person reads. */
const LONGEST_LINE = 300;

/** Thrown by a check that does not hold. */
export class CheckError extends Error {
  override readonly name = "CheckError";

  constructor(lines: readonly string[], from: CallableFunction) {
    super(
      lines
        .filter((line) => line !== "")
        .map(cut)
        .join("\n"),
    );
    // What the reader can change is the call, not what the check does inside.
    Error.captureStackTrace(this, from);
  }
}

/**
 * Shows that a check holds, at once, as an output of its own; outside a notebook it prints the line. The output's metadata
 * say so to programs: `{"lectern": {"check": "passed"}}`.
 */
export function reportPassed(line: string): void {
  const text = `✓ ${cut(line)}`;
  const broadcast = liveOutput();
  if (!broadcast) {
    console.log(text);
    return;
  }
  const html = `<div style="color: ${GREEN}">${escapeMarkup(text)}</div>`;
  broadcast("display_data", {
    data: { "text/html": html, "text/plain": text },
    metadata: { lectern: { check: "passed" } },
    transient: {},
  });
}

function cut(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}
