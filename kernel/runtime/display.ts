// How a value is seen: its own display method if it has one, else the text of util.inspect.
import { inspect, types } from "node:util";
import type { DisplayMessage, Shown } from "../process/protocol.ts";
import { sendOutput } from "./link.ts";
import { currentRun, StoppedRun, writingRun } from "./run.ts";

const DISPLAY = Symbol.for("Jupyter.display");
const METADATA = Symbol.for("Jupyter.metadata");
const BROADCAST = Symbol.for("Jupyter.broadcast");
const MESSAGES: ReadonlySet<string> = new Set<DisplayMessage>([
  "display_data",
  "update_display_data",
  "clear_output",
]);

/** In characters of JSON. Jupyter's server drops what is far larger, and a browser tab dies of it. */
const LARGEST_BUNDLE = 20_000_000;

const DEEPEST = 20;
const LONGEST_DEEP_TEXT = 2000;

const { parse, stringify } = JSON; // a cell may replace them

type MimeBundle = Record<string, unknown> & { [METADATA]?: Record<string, unknown> };

/** The representations of a value; a promise if its display method gives one. Never throws. */
export function show(value: unknown): Shown | Promise<Shown> {
  try {
    const method = displayMethod(value);
    if (method === null) return plain(value);
    const bundle: unknown = method.call(value);
    if (isThenable(bundle)) {
      return Promise.resolve(bundle).then(
        (settled: unknown) => shownBundle(value, settled),
        (error: unknown) => failedDisplay(value, error),
      );
    }
    return shownBundle(value, bundle);
  } catch (error) {
    return failedDisplay(value, error);
  }
}

export interface DisplayOptions {
  /** A name under which the output can be replaced later. */
  display_id?: string;
  /** Replaces the output shown before under the same display_id. */
  update?: boolean;
}

/** Shows a value in the middle of a cell; a promise if the value, or one shown before it, takes time to be shown. */
export function display(value: unknown, options: DisplayOptions = {}): Promise<void> | undefined {
  const message = options.update ? "update_display_data" : "display_data";
  const transient = options.display_id === undefined ? {} : { display_id: String(options.display_id) };
  const run = currentRun.getStore();
  const shown = show(value);
  if (!(shown instanceof Promise) && !run?.showing) {
    broadcast(message, { ...shown, transient });
    return undefined;
  }
  const done = Promise.all([shown, run?.showing]).then(([settled]) => {
    if (run?.showing === done) run.showing = null;
    broadcast(message, { ...settled, transient });
  });
  if (run) run.showing = done;
  return done;
}

/** Publishes a display message at once, also from within a busy loop. */
export function broadcast(message: DisplayMessage, content: object = {}): void {
  if (!MESSAGES.has(message))
    throw new TypeError(
      `${String(message)} is no message for the front end: ${[...MESSAGES].join(", ")} are.`,
    );
  const whole = message === "clear_output" ? content : { data: {}, metadata: {}, transient: {}, ...content };
  const text = stringify(whole);
  if (text.length > LARGEST_BUNDLE) throw tooLarge(text);
  sendOutput({ type: "display", run: writingRun(), message, content: parse(text) }, text.length);
}

export function installDisplay(): void {
  Object.defineProperty(globalThis, BROADCAST, { value: broadcast, configurable: true });
  Object.defineProperty(globalThis, "display", { value: display, configurable: true, writable: true });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    types.isPromise(value) || typeof (value as Partial<PromiseLike<unknown>> | null)?.then === "function"
  );
}

function displayMethod(value: unknown): ((this: unknown) => unknown) | null {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return null;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === "function" ? (method as (this: unknown) => unknown) : null;
}

function shownBundle(value: unknown, bundle: unknown): Shown {
  if (typeof bundle !== "object" || bundle === null || Array.isArray(bundle)) {
    return failedDisplay(
      value,
      new TypeError(`its display method gave ${inspect(bundle)}, not a MIME bundle`),
    );
  }
  const { [METADATA]: metadata = {}, ...data } = bundle as MimeBundle;
  const text = data["text/plain"];
  if (typeof text !== "string" || text === "") data["text/plain"] = inspectSafely(value);
  try {
    const json = stringify({ data, metadata });
    if (json.length <= LARGEST_BUNDLE) return parse(json) as Shown;
    throw tooLarge(json);
  } catch (error) {
    return failedDisplay(value, error);
  }
}

function tooLarge(json: string): RangeError {
  const megabytes = (length: number) => `${Math.round(length / 1e6)} MB`;
  const [size, limit] = [megabytes(json.length), megabytes(LARGEST_BUNDLE)];
  return new RangeError(`it takes ${size}, and more than ${limit} is too much for a notebook`);
}

function failedDisplay(value: unknown, error: unknown): Shown {
  if (error instanceof StoppedRun) throw error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : inspectSafely(error);
  return {
    data: { "text/plain": `${inspectSafely(value)}\n(could not be displayed: ${reason})` },
    metadata: {},
  };
}

function plain(value: unknown): Shown {
  return { data: { "text/plain": inspectSafely(value) }, metadata: {} };
}

function inspectSafely(value: unknown): string {
  try {
    const text = inspectAsDeepAsFits(value);
    return text || Object.prototype.toString.call(value); // a user's own inspect method may give an empty text
  } catch (error) {
    return `${Object.prototype.toString.call(value)} (could not be printed: ${String(error)})`;
  }
}

/** What is small is shown whole, however deep it is; of what is large, four levels. */
function inspectAsDeepAsFits(value: unknown): string {
  let text = inspect(value, { colors: false, depth: 4 });
  const isCut = () => text.length < LONGEST_DEEP_TEXT && /\[[A-Z][\w ]*\]/.test(text);
  for (let depth = 5; depth <= DEEPEST && isCut(); depth++) {
    const deeper = inspect(value, { colors: false, depth });
    if (deeper === text || deeper.length > LONGEST_DEEP_TEXT) break;
    text = deeper;
  }
  return text;
}
