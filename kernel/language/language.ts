// The language services of one notebook: type checks, completion, hover and signatures of its cells.

import type { Look } from "../process/protocol.ts";
import { isStringChoice, messageWithChoices, misspelt } from "./choices.ts";
import { type ServerCompletion, type ServerItem, suggestions } from "./completion.ts";
import { Connection } from "./connection.ts";
import { definitionText, nameDefinition, type ServerLocation } from "./definition.ts";
import { describe } from "./details.ts";
import { cellDiagnostics, isUnchecked, type ServerDiagnostic, type ServerPosition } from "./diagnostics.ts";
import { CHECKED, PROBE, slotOf } from "./documents.ts";
import { Executions } from "./executions.ts";
import { hoverText, type ServerHover, type ServerSignatures, signatureText, withParagraph } from "./hover.ts";
import { type Live, pathCompletion, valueLine, withMembers } from "./live.ts";
import { explainMissing, ImportedFiles } from "./modules.ts";
import { type Cell, readCell } from "./names.ts";
import { PATIENCE } from "./patience.ts";
import { memberPlace, pathPlace, type ValuePlace, valuePlace } from "./places.ts";
import { type EarlierNames, FIRST_LINE, openCell, usedNames } from "./prelude.ts";
import { Late } from "./server.ts";
import { type FolderConfig, WatchedConfig } from "./tsconfig.ts";
import type { Completion, Diagnostic, Hover } from "./types.ts";

export type { Live } from "./live.ts";
export type { Completion, CompletionItem, Diagnostic, Hover } from "./types.ts";

/** An error that is to be shown anyway may take a little longer to be told well. */
const CHOICES_LIMIT_MS = 500 * PATIENCE;
/** Longer cells (in characters) are not checked: alone to read them takes seconds. */
const LONGEST_CELL = 200_000;
/** A check that takes longer is given up, and the cell's types with it. */
const SLOW_CHECK_MS = 1500 * PATIENCE;
/** The first check also loads the types of what it imports. */
const SLOW_FIRST_CHECK_MS = 6000 * PATIENCE;
const ANSWER_LIMIT_MS = 1500 * PATIENCE;
/** So many suggestions get a signature (1 or 2 ms each). */
const DETAILED_ITEMS = 10;
/** What only adds to an answer is not waited for longer. */
const DETAILS_LIMIT_MS = 150 * PATIENCE;
/** The text that is read back from the cursor to see whether a member is meant. */
const LONGEST_MEMBER = 200;
/** With the start of a server. */
const QUESTION_LIMIT_MS = 3000 * PATIENCE;

/** Every method may be called in any order and at any time; a server that died is started again. None of them rejects. */
export class Language {
  readonly directory: string;
  readonly #executions = new Executions();
  readonly #config: WatchedConfig;
  readonly #connection: Connection;
  readonly #files: ImportedFiles;
  /** Sources of cells whose types the server did not find out in time. */
  readonly #slow = new Set<string>();
  #hasChecked = false;

  /** `directory` is the folder of the notebook: relative imports and packages are looked up from there. */
  constructor(options: { directory: string }) {
    this.directory = options.directory;
    this.#config = new WatchedConfig(options.directory);
    this.#connection = new Connection(options.directory, this.#executions, this.#config.current);
    this.#files = new ImportedFiles(options.directory);
  }

  /** The process of the server, while there is one. */
  get pid(): number | undefined {
    return this.#connection.pid;
  }

  /** What the folder's tsconfig.json says at present; null if there is none. */
  get config(): Promise<FolderConfig | null> {
    return this.#config.current;
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

  /** Suggestions at a UTF-16 offset of a cell; with `live` also those that only the values know. */
  async complete(source: string, cursor: number, live?: Live): Promise<Completion> {
    const nothing = { start: cursor, end: cursor, items: [] };
    return within(QUESTION_LIMIT_MS, this.#complete(source, cursor, live), nothing);
  }

  /**
   * What is known of the name at a UTF-16 offset of a cell, or of the function whose arguments the cursor is in.
   * `details`: also where it is declared.
   */
  async hover(source: string, cursor: number, live?: Live, details = false): Promise<Hover | null> {
    return within(QUESTION_LIMIT_MS, this.#inspect(readCell(source), cursor, live, details), null);
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
    if (this.#config.hasChanged()) await this.#connection.configure(this.#config.current);
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
        labelOf: this.#labelOf,
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

  async #complete(source: string, cursor: number, live: Live | undefined): Promise<Completion> {
    const cell = readCell(source);
    const place = live ? memberPlace(cell.text, cursor) : null;
    const looking = place && live?.look(place.name, place.steps);
    // Behind a dot no name of an earlier cell is suggested, and each that the document has costs time.
    const all = this.#executions.names;
    const names = isMember(cell.text, cursor) ? usedNames(cell, all) : all;
    const [typed, look] = await Promise.all([this.#fromTypes(cell, cursor, names), looking]);
    if (live && typed.items.length === 0) {
      const path = pathPlace(cell.text, cursor);
      if (path) return pathCompletion(path, cell.text.slice(path.start, cursor), cursor, live);
    }
    if (!place || !look) return typed;
    const owner = await this.#ownerOf(cell, place, names);
    // A variable of this cell is not the one of an earlier cell, unless the cell is one that ran before.
    if (owner === "nothing" || (owner === "cell" && typed.items.length > 0)) return typed;
    return withMembers(typed, place, look, cell.text.slice(place.start, cursor));
  }

  async #fromTypes(cell: Cell, cursor: number, names: EarlierNames): Promise<Completion> {
    const list = await this.#ask<ServerCompletion | null>("textDocument/completion", cell, cursor, names);
    const found = suggestions(list, cell, cursor, this.#executions.names, this.directory);
    const { start, end, origins } = found;
    const detailed = found.items.slice(0, DETAILED_ITEMS).map(async (item) => {
      const origin = origins.get(item);
      return origin ? describe(item, await this.#detailOf(origin)) : item;
    });
    const items = [...(await Promise.all(detailed)), ...found.items.slice(DETAILED_ITEMS)];
    return { start, end, items };
  }

  /** What a word in a cell names: a variable of the cell, one from before it, or nothing, as in a comment. */
  async #ownerOf(
    cell: Cell,
    { nameAt }: ValuePlace,
    names?: EarlierNames,
  ): Promise<"cell" | "earlier" | "nothing"> {
    const [location] = await this.#definitions(cell, nameAt, names);
    if (location === undefined) return "nothing";
    return location.uri.endsWith(`/${PROBE}`) && !isInPrelude(location) ? "cell" : "earlier";
  }

  async #definitions(cell: Cell, offset: number, names?: EarlierNames): Promise<readonly ServerLocation[]> {
    type Answer = ServerLocation | readonly ServerLocation[] | null;
    const answer = await this.#ask<Answer>("textDocument/definition", cell, offset, names);
    return answer === null ? [] : [answer].flat();
  }

  async #detailOf(item: ServerItem): Promise<string | undefined> {
    const answer = this.#connection.request<ServerItem>("completionItem/resolve", item, ANSWER_LIMIT_MS);
    return (await within(DETAILS_LIMIT_MS, answer, item)).detail;
  }

  async #inspect(
    cell: Cell,
    cursor: number,
    live: Live | undefined,
    details: boolean,
  ): Promise<Hover | null> {
    const word = [cursor, cursor - 1].find((offset) => /[\p{ID_Continue}$]/u.test(cell.text[offset] ?? ""));
    // Next to a parenthesis the call is meant, and not what stands before it.
    if (word === undefined) return (await this.#signature(cell, cursor)) ?? this.#hover(cell, cursor);
    const [found, look, declared] = await Promise.all([
      this.#hover(cell, word),
      live ? this.#look(cell, word, live) : null,
      details ? this.#declared(cell, word) : null,
    ]);
    if (found === null) return this.#signature(cell, cursor);
    const value = look && valueLine(look, found.plain);
    return [value, declared].reduce<Hover>(
      (hover, part) => (part ? withParagraph(hover, part) : hover),
      found,
    );
  }

  async #hover(cell: Cell, offset: number): Promise<Hover | null> {
    const hover = await this.#ask<ServerHover | null>("textDocument/hover", cell, offset);
    return hover && hoverText(hover, this.#labelOf);
  }

  async #signature(cell: Cell, cursor: number): Promise<Hover | null> {
    const found = await this.#ask<ServerSignatures | null>("textDocument/signatureHelp", cell, cursor);
    return found && signatureText(found, this.#labelOf);
  }

  /** The value that a word stands for. */
  async #look(cell: Cell, offset: number, live: Live): Promise<Look | null> {
    const place = valuePlace(cell.text, offset);
    const look = place && (await live.look(place.name, place.steps));
    if (!place || !look) return null;
    const owner = await this.#ownerOf(cell, place);
    return owner === "earlier" || (owner === "cell" && cell.names.has(place.name)) ? look : null;
  }

  async #declared(cell: Cell, offset: number): Promise<Hover | null> {
    const [location] = await this.#definitions(cell, offset);
    if (location === undefined) return null;
    if (isInPrelude(location)) {
      const name = valuePlace(cell.text, offset)?.name ?? "";
      const earlier = this.#executions.names.get(name);
      const declaring = earlier && this.#executions.cell(earlier.slot);
      return declaring ? nameDefinition(declaring, name) : null;
    }
    return definitionText(location, this.directory, (document) => {
      if (document === PROBE) return { label: "this cell", text: cell.text };
      const slot = slotOf(document);
      return slot === null ? undefined : this.#executions.cell(slot);
    });
  }

  readonly #labelOf = (slot: number): string | undefined => this.#executions.label(slot);

  /** Asks about a place in a cell that is being edited; `names` of earlier cells may be suggested, else those it uses are known. */
  #ask<Answer>(method: string, cell: Cell, cursor: number, names?: EarlierNames): Promise<Answer> {
    const text = () => openCell(cell, names ?? usedNames(cell, this.#executions.names));
    return this.#connection.ask<Answer>(method, PROBE, text, ANSWER_LIMIT_MS, positionAt(cell.text, cursor));
  }
}

/** Where the variables of earlier cells are repeated. */
function isInPrelude({ uri, range }: ServerLocation): boolean {
  return uri.endsWith(`/${PROBE}`) && range.start.line < FIRST_LINE;
}

/** Whether what stands at the cursor is a member of what stands before it; three dots are a spread. */
function isMember(text: string, cursor: number): boolean {
  return /(?<![.\d])\.\s*[\p{ID_Continue}$]*$/u.test(
    text.slice(Math.max(0, cursor - LONGEST_MEMBER), cursor),
  );
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
