// The cells that people have run, in this session and in earlier ones, as the kernel sees them. Nothing here waits.
import { homedir } from "node:os";
import { extname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { FromStore, Input, Output, Query, Row, ToStore } from "./protocol.ts";

export type { Query, Row } from "./protocol.ts";

/** Lines are written together, this long after the first: not while the cell is starting. */
const GATHER_MS = 1000;
/** Longer outputs (in characters) are not remembered. */
const LONGEST_OUTPUT = 10_000;
/** A disk that does not answer leaves a request without rows, not without a reply. */
const FIND_LIMIT_MS = 5000;

const STORE = new URL(`./store${extname(import.meta.url)}`, import.meta.url);

/** LECTERN_HISTORY: the file, or "off" for none; by default in the user's data folder. */
export function historyFile(env = process.env): string | null {
  const { LECTERN_HISTORY, XDG_DATA_HOME, APPDATA } = env;
  if (LECTERN_HISTORY === "off") return null;
  if (LECTERN_HISTORY) return resolve(LECTERN_HISTORY);
  return join(dataFolder(XDG_DATA_HOME, APPDATA), "lectern", "history.sqlite");
}

function dataFolder(xdg: string | undefined, appData: string | undefined): string {
  if (xdg) return xdg;
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support");
  if (process.platform === "win32") return appData ?? join(homedir(), "AppData", "Roaming");
  return join(homedir(), ".local", "share");
}

export class History {
  readonly #path: string | null;
  readonly #log: (text: string) => void;
  readonly #asked = new Map<number, (rows: readonly Row[]) => void>();
  #inputs: Input[] = [];
  #outputs: Output[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Started for the first line or question; null also after it has failed. */
  #store: Worker | null = null;
  #hasFailed = false;
  #questions = 0;
  #closed = () => {};

  /** `path` is the database, shared with other kernels; null for a history of this session only. */
  constructor(path: string | null, log: (text: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  add(line: number, input: string): void {
    if (input.trim() === "") return;
    this.#inputs.push({ line, input });
    this.#writeSoon();
  }

  addOutput(line: number, output: string): void {
    if (output.length > LONGEST_OUTPUT) return;
    this.#outputs.push({ line, output });
    this.#writeSoon();
  }

  /** Oldest first. */
  async find(query: Query): Promise<readonly Row[]> {
    this.#write();
    if (this.#hasFailed) return [];
    const id = ++this.#questions;
    return new Promise((settle) => {
      const limit = setTimeout(() => {
        this.#log("the history did not answer in time");
        this.#found(id, []);
      }, FIND_LIMIT_MS);
      this.#asked.set(id, (rows) => {
        clearTimeout(limit);
        settle(rows);
      });
      this.#send({ type: "find", id, query });
    });
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    this.#write();
    if (this.#store === null) return;
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#send({ type: "close" });
    });
    this.#store = null;
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => this.#write(), GATHER_MS).unref();
  }

  #write(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#inputs.length + this.#outputs.length === 0) return;
    this.#send({ type: "add", inputs: this.#inputs, outputs: this.#outputs });
    this.#inputs = [];
    this.#outputs = [];
  }

  #send(message: ToStore): void {
    if (this.#hasFailed) return;
    this.#store ??= this.#start();
    this.#store.postMessage(message);
  }

  #start(): Worker {
    const store = new Worker(STORE, { workerData: this.#path });
    store.unref();
    store.on("message", (message: FromStore) => {
      if (message.type === "found") this.#found(message.id, message.rows);
      else if (message.type === "log") this.#log(message.text);
      else this.#closed();
    });
    store.on("error", (error) => this.#fail(error));
    return store;
  }

  #fail(error: unknown): void {
    this.#log(`there is no history any more: ${error}`);
    this.#hasFailed = true;
    this.#store = null;
    for (const id of this.#asked.keys()) this.#found(id, []);
    this.#closed();
  }

  #found(id: number, rows: readonly Row[]): void {
    this.#asked.get(id)?.(rows);
    this.#asked.delete(id);
  }
}
