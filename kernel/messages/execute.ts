// execute_request: https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute
import { stripVTControlCharacters } from "node:util";
import { CellSyntaxError, type CompiledCell } from "../cell/compile.ts";
import type { Diagnostic } from "../language/language.ts";
import { PATIENCE } from "../language/patience.ts";
import { helpPage } from "../magics/help.ts";
import { MagicError } from "../magics/magic.ts";
import type { Outcome } from "../process/active-runs.ts";
import type { Payload, Shown } from "../process/protocol.ts";
import {
  type ErrorContent,
  lostError,
  magicError,
  plainError,
  syntaxError,
  thrownError,
  typeErrors,
} from "./errors.ts";
import { textField, textsField } from "./fields.ts";
import type { Reply, Request } from "./handler.ts";
import type { Kernel } from "./kernel.ts";

/** How long a cell waits for its type check; what comes later is not shown. While the server starts, all cells together. */
const CHECK_LIMIT_MS = 1500 * PATIENCE;
/** A server that takes longer to start holds no cell up any more: so long does each look whether it has started. */
const STARTED_YET_MS = 50;

/** A pause after which a stream of requests is over, and how long a stream without a pause is waited for. */
const STREAM_GAP_MS = 5;
const STREAM_TURNS = 40;

const ABORTED: Reply = { content: { status: "aborted" }, metadata: { status: "aborted" } };

/** A cell of nothing but numbers and signs, such as 1 + 1, is not worth waiting for a server that starts. */
const NAME = /[\p{ID_Start}$_]/u;

type CellOutcome =
  | { readonly result: Shown | null; readonly payload: readonly Payload[] }
  | { readonly error: ErrorContent };

export interface RunningCell {
  readonly run: number;
  readonly request: Request;
}

/** The queue of cells: one runs, the others wait in the order in which they came. */
export class ExecutionQueue {
  readonly #kernel: Kernel;
  readonly #queue: Request[] = [];
  /** Those that were waiting when a cell failed: they do not run. */
  #aborted: Request[] = [];
  #current: Request | null = null;
  #running: RunningCell | null = null;
  #working: Promise<void> | null = null;
  #interrupted = false;
  /** Resolves when the cell is interrupted: the type check is not waited for then. */
  #interruption = Promise.withResolvers<readonly Diagnostic[]>();
  #waitedForLanguage = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The request whose cell is running. */
  get current(): Request | null {
    return this.#current;
  }

  /** The run that is under way, and the request it belongs to. */
  get running(): RunningCell | null {
    return this.#running;
  }

  add(request: Request): void {
    this.#queue.push(request);
    this.#working ??= this.#work();
  }

  /** Resolves when no cell is running or waiting. */
  get finished(): Promise<void> {
    return this.#working ?? Promise.resolve();
  }

  /** Stops the running cell and the handlers of comms; with none running nothing happens. */
  interrupt(): void {
    if (this.#current !== null) {
      this.#interrupted = true;
      this.#interruption.resolve([]);
    }
    this.#kernel.user.interrupt();
  }

  async #work(): Promise<void> {
    for (let request = this.#queue.shift(); request !== undefined; request = this.#queue.shift()) {
      this.#current = request;
      this.#interrupted = false;
      this.#interruption = Promise.withResolvers();
      await this.#kernel.serve(request, () => this.#execute(request));
      this.#current = null;
      for (const aborted of this.#aborted.splice(0)) await this.#kernel.serve(aborted, () => ABORTED);
    }
    this.#working = null;
  }

  async #execute(request: Request): Promise<Reply> {
    const kernel = this.#kernel;
    const started = new Date().toISOString();
    const code = textField(request, "code");
    const { silent = false, store_history = true, stop_on_error = true } = request.message.content;
    const userExpressions = textsField(request, "user_expressions");
    const isStored = silent !== true && store_history === true;
    if (isStored) kernel.history.add(++kernel.executionCount, code);
    const execution_count = kernel.executionCount;
    const parent = request.message.header;
    if (silent !== true) kernel.publish("execute_input", { code, execution_count }, parent);

    const outcome = await this.#evaluate(request, code, `Cell [${execution_count}]`);
    const metadata = { started, dependencies_met: true, engine: kernel.headers.session };
    if ("error" in outcome) {
      this.#current = null; // nothing is left to interrupt
      kernel.publish("error", outcome.error, parent);
      // Silent cells are those of the front end: the user has not asked for them.
      if (stop_on_error === true && silent !== true) await this.#abortWaiting(); // they are answered after this one
      const content = {
        status: "error",
        execution_count,
        ...outcome.error,
        payload: [],
        user_expressions: {},
      };
      return { content, metadata: { ...metadata, status: "error" } };
    }
    const { result, payload } = outcome;
    if (result !== null && silent !== true)
      kernel.publish("execute_result", { execution_count, ...result }, parent);
    if (isStored && result !== null)
      kernel.history.addOutput(execution_count, String(result.data["text/plain"]));
    const expressions = await this.#evaluateExpressions(request, userExpressions);
    this.#current = null;
    const content = { status: "ok", execution_count, payload, user_expressions: expressions };
    return { content, metadata: { ...metadata, status: "ok" } };
  }

  /** Type check and compilation at the same time, then the run. */
  async #evaluate(request: Request, code: string, name: string): Promise<CellOutcome> {
    const kernel = this.#kernel;
    const cell = kernel.readMagics(code);
    let checking: Promise<readonly Diagnostic[]>;
    let compiled: CompiledCell;
    try {
      cell.check();
      const said = cell.prepare(kernel);
      checking = this.#check(cell.text);
      compiled = await cell.compile(kernel.compiler, name, said, kernel.language.names);
    } catch (error) {
      if (error instanceof MagicError) return { error: magicError(error, name, code) };
      if (error instanceof CellSyntaxError) return { error: syntaxError(error) };
      kernel.log(`the compiler failed: ${(error as Error).stack ?? error}`);
      return { error: plainError("CompilerError", `This cell could not be compiled: ${error}`) };
    }
    const diagnostics = await Promise.race([checking, this.#interruption.promise]);
    if (diagnostics.length > 0) {
      const error = typeErrors(diagnostics, name, code);
      if (kernel.typecheck === "error") return { error };
      const text = stripVTControlCharacters(error.traceback.join("\n"));
      // Not on stderr, for which a graded cell would lose its points.
      kernel.publish(
        "display_data",
        { data: { "text/plain": text }, metadata: {}, transient: {} },
        request.message.header,
      );
    }
    if (this.#interrupted) return { error: lostError({ status: "interrupted", restarted: false }) };
    kernel.language.commit(cell.text, name);
    const outcome = this.#outcome(await this.#run(request, compiled, code));
    if ("error" in outcome || cell.questions.length === 0) return outcome;
    const ask = (text: string, offset: number) => kernel.language.hover(text, offset, kernel.live, true);
    const pages = await Promise.all(cell.questions.map((question) => helpPage(question, ask)));
    return { ...outcome, payload: [...outcome.payload, ...pages] };
  }

  async #check(code: string): Promise<readonly Diagnostic[]> {
    const { language, typecheck } = this.#kernel;
    if (typecheck === "off") return [];
    const isStarting = language.pid === undefined;
    if (isStarting && !NAME.test(code)) return [];
    const asked = performance.now();
    const limit = isStarting
      ? Math.max(STARTED_YET_MS, CHECK_LIMIT_MS - this.#waitedForLanguage)
      : CHECK_LIMIT_MS;
    const diagnostics = await language.check(code, limit);
    if (isStarting) this.#waitedForLanguage += performance.now() - asked;
    return diagnostics ?? [];
  }

  async #run(request: Request, compiled: CompiledCell, source: string): Promise<Outcome> {
    const kernel = this.#kernel;
    kernel.compiler.commit(compiled);
    kernel.stacks.add(compiled, source);
    const run = kernel.runs.ofCell(request.message.header);
    this.#running = { run, request };
    const outcome = await kernel.user.run(run, compiled.runnable);
    this.#running = null;
    kernel.questions.cancel();
    return outcome;
  }

  #outcome(outcome: Outcome): CellOutcome {
    if (outcome.status === "ok") {
      const { result, payload } = outcome;
      return { result: result && this.#kernel.mapPrinted(result), payload };
    }
    if (outcome.status !== "error") return { error: lostError(outcome) };
    return { error: thrownError(outcome.error, this.#kernel.stacks) };
  }

  async #evaluateExpressions(
    request: Request,
    expressions: ReturnType<typeof textsField>,
  ): Promise<Record<string, unknown>> {
    const values: [string, unknown][] = [];
    for (const [name, expression] of expressions) {
      const outcome = this.#interrupted
        ? { error: lostError({ status: "interrupted", restarted: false }) }
        : await this.#evaluateExpression(request, expression);
      const value =
        "error" in outcome
          ? { status: "error", ...outcome.error }
          : { status: "ok", data: {}, metadata: {}, ...outcome.result };
      values.push([name, value]);
    }
    return Object.fromEntries(values); // also of a name such as __proto__
  }

  async #evaluateExpression(request: Request, expression: string): Promise<CellOutcome> {
    try {
      const compiled = await this.#kernel.compiler.compile(expression, "expression");
      return this.#outcome(await this.#run(request, compiled, expression));
    } catch (error) {
      return {
        error: error instanceof CellSyntaxError ? syntaxError(error) : plainError("Error", String(error)),
      };
    }
  }

  /** After an error the cells that are waiting do not run: the user has asked for "run all" and one has failed. */
  async #abortWaiting(): Promise<void> {
    // "Run all" comes as a stream of requests, the last of which may be on their way when a short cell fails.
    for (let turn = 0, before = -1; turn < STREAM_TURNS && this.#queue.length > before; turn++) {
      before = this.#queue.length;
      await new Promise((resolve) => setTimeout(resolve, STREAM_GAP_MS));
    }
    this.#aborted = this.#queue.splice(0);
  }
}
