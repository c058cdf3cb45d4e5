// The language services of one notebook: type checks, completion, hover and signatures of its cells.

import { isStringChoice, messageWithChoices, misspelt } from "./choices.ts";
import { type ServerCompletion, type ServerItem, suggestions } from "./completion.ts";
import { Connection } from "./connection.ts";
import { describe } from "./details.ts";
import { cellDiagnostics, isUnchecked, type ServerDiagnostic, type ServerPosition } from "./diagnostics.ts";
import { CHECKED, PROBE } from "./documents.ts";
import { Executions } from "./executions.ts";
import { hoverText, type ServerHover, type ServerSignatures, signatureOf, signatureText } from "./hover.ts";
import { explainMissing, ImportedFiles } from "./modules.ts";
import { type Cell, readCell } from "./names.ts";
import { type EarlierNames, FIRST_LINE, openCell, usedNames } from "./prelude.ts";
import { Late } from "./server.ts";
import type { Completion, Diagnostic, Hover, Signature } from "./types.ts";

export type { Completion, CompletionItem, Diagnostic, Hover, Signature } from "./types.ts";

/** An error that is to be shown anyway may take a little longer to be told well. */
const CHOICES_LIMIT_MS = 500;
/** Longer cells (in characters) are not checked: alone to read them takes seconds. */
const LONGEST_CELL = 200_000;
/** A check that takes longer is given up, and the cell's types with it. */
const SLOW_CHECK_MS = 1500;
/** The first check also loads the types of what it imports. */
const SLOW_FIRST_CHECK_MS = 6000;
const ANSWER_LIMIT_MS = 1500;
/** So many suggestions get a signature (1 or 2 ms each). */
const DETAILED_ITEMS = 24;
/** What only adds to an answer is not waited for longer. */
const DETAILS_LIMIT_MS = 150;
/** With the start of a server. */
const QUESTION_LIMIT_MS = 3000;

/** Every method may be called in any order and at any time; a server that died is started again. None of them rejects. */
export class Language {
  readonly directory: string;
  readonly #executions = new Executions();
  readonly #connection: Connection;
  readonly #files: ImportedFiles;
  /** Sources of cells whose types the server did not find out in time. */
  readonly #slow = new Set<string>();
  #hasChecked = false;

  /** `directory` is the folder of the notebook: relative imports and packages are looked up from there. */
  constructor(options: { directory: string }) {
    this.directory = options.directory;
    this.#connection = new Connection(options.directory, this.#executions);
    this.#files = new ImportedFiles(options.directory);
  }

  /** The process of the server, while there is one. */
  get pid(): number | undefined {
    return this.#connection.pid;
  }

  /** The names of earlier cells. */
  get names(): EarlierNames {
    return this.#executions.names;
  }

  /** Starts the server in the background; without it, the first question does. */
  start(): void {
    this.#connection.start();
  }

  /** The type errors of a cell about to run; `null` when they were not known within the time limit. */
  async check(source: string, timeLimitMs: number): Promise<Diagnostic[] | null> {
    if (source.length > LONGEST_CELL) return null;
    return within(timeLimitMs, this.#check(source), null);
  }

  /**
   * To be called when a cell runs or has run, with or without an error: later cells see its names. `label` is how the
   * user knows this execution, for messages about two types of one name.
   */
  commit(source: string, label = "an earlier run"): void {
    const typed = source.length <= LONGEST_CELL && !this.#slow.has(source);
    if (this.#executions.add(source, label, typed)) this.#connection.update();
  }

  /** Suggestions at a UTF-16 offset of a cell. */
  async complete(source: string, cursor: number): Promise<Completion> {
    const nothing = { start: cursor, end: cursor, items: [] };
    return within(QUESTION_LIMIT_MS, this.#complete(source, cursor), nothing);
  }

  /** What is known of the name at a UTF-16 offset of a cell, or of the function whose arguments the cursor is in. */
  async hover(source: string, cursor: number): Promise<Hover | null> {
    return within(QUESTION_LIMIT_MS, this.#hover(source, cursor), null);
  }

  /** The call whose arguments the cursor is in. */
  async signature(source: string, cursor: number): Promise<Signature | null> {
    return within(QUESTION_LIMIT_MS, this.#signature(readCell(source), cursor), null);
  }

  /** To be called when the user's process was restarted: no name of an earlier cell exists any more. */
  forget(): void {
    this.#executions.clear();
    this.#connection.update();
  }

  /** Ends the server's process; afterwards every question has an empty answer. */
  async stop(): Promise<void> {
    await this.#connection.stop();
  }

  async #check(source: string): Promise<Diagnostic[]> {
    const cell = readCell(source);
    if (isUnchecked(cell.text)) return [];
    this.#connection.filesChanged(this.#files.changes(cell.text));
    const earlier = this.#executions.names;
    const text = () => openCell(cell, usedNames(cell, earlier));
    const limit = this.#hasChecked ? SLOW_CHECK_MS : SLOW_FIRST_CHECK_MS;
    try {
      const report = await this.#connection.ask<{ items: ServerDiagnostic[] }>(
        "textDocument/diagnostic",
        CHECKED,
        text,
        limit,
      );
      this.#hasChecked = true;
      this.#slow.delete(source);
      const found = cellDiagnostics(report.items, cell, {
        earlier,
        labelOf: (slot) => this.#executions.label(slot),
        explainMissing: (specifier) => explainMissing(specifier, this.directory),
      });
      return await Promise.all(found.map((diagnostic) => this.#withChoices(diagnostic, cell)));
    } catch (error) {
      if (error instanceof Late) this.#giveUpTypes(source);
      throw error;
    }
  }

  /** A misspelt string: the message says which strings are right. */
  async #withChoices(diagnostic: Diagnostic, cell: Cell): Promise<Diagnostic> {
    const literal = misspelt(diagnostic, cell.text);
    if (literal === null) return diagnostic;
    const answer = this.#ask<ServerCompletion | null>("textDocument/completion", cell, literal.start);
    const list = await within(CHOICES_LIMIT_MS, answer, null);
    const choices = (list?.items ?? []).filter(isStringChoice).map(({ label }) => label);
    return { ...diagnostic, message: messageWithChoices(diagnostic.message, literal.value, choices) };
  }

  /** The cell is given up, not the notebook: for later cells its names are there, without types. */
  #giveUpTypes(source: string): void {
    this.#slow.add(source);
    this.#executions.forgetTypes(source);
    this.#connection.update();
  }

  async #complete(source: string, cursor: number): Promise<Completion> {
    const cell = readCell(source);
    const list = await this.#ask<ServerCompletion | null>("textDocument/completion", cell, cursor);
    const found = suggestions(list, cell, cursor, this.#executions.names, this.directory);
    const { start, end, origins } = found;
    const detailed = found.items.slice(0, DETAILED_ITEMS).map(async (item) => {
      const origin = origins.get(item);
      return origin ? describe(item, await this.#detailOf(origin)) : item;
    });
    const items = [...(await Promise.all(detailed)), ...found.items.slice(DETAILED_ITEMS)];
    return { start, end, items };
  }

  async #detailOf(item: ServerItem): Promise<string | undefined> {
    const answer = this.#connection.request<ServerItem>("completionItem/resolve", item, ANSWER_LIMIT_MS);
    return (await within(DETAILS_LIMIT_MS, answer, item)).detail;
  }

  async #hover(source: string, cursor: number): Promise<Hover | null> {
    const cell = readCell(source);
    const label = (slot: number) => this.#executions.label(slot);
    for (const offset of cursor > 0 ? [cursor, cursor - 1] : [cursor]) {
      const hover = await this.#ask<ServerHover | null>("textDocument/hover", cell, offset);
      if (hover) return hoverText(hover, label);
    }
    const signature = await this.#signature(cell, cursor);
    return signature && signatureText(signature);
  }

  async #signature(cell: Cell, cursor: number): Promise<Signature | null> {
    return signatureOf(await this.#ask<ServerSignatures | null>("textDocument/signatureHelp", cell, cursor));
  }

  /** Asks about a place in a cell that is being edited. */
  #ask<Answer>(method: string, cell: Cell, cursor: number): Promise<Answer> {
    const text = () => openCell(cell, this.#executions.names);
    return this.#connection.ask<Answer>(method, PROBE, text, ANSWER_LIMIT_MS, positionAt(cell.text, cursor));
  }
}

function positionAt(text: string, offset: number): ServerPosition {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length - 1 + FIRST_LINE, character: before.length - lineStart };
}

/** The answer, or the other one when it does not come in time or not at all. */
async function within<Answer>(limitMs: number, answer: Promise<Answer>, otherwise: Answer): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
