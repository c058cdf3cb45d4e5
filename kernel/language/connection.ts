// A server that has all documents of the notebook: started when it is needed, and again when it has died.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CHECKED, CONFIG, cellFile, Documents, GLOBALS, NAMES, PROBE } from "./documents.ts";
import type { Executions, OldExecution } from "./executions.ts";
import { GLOBAL_TYPES } from "./globals.ts";
import { type ServerHover, textOf } from "./hover.ts";
import type { FileEvent } from "./modules.ts";
import { readCell } from "./names.ts";
import { PATIENCE } from "./patience.ts";
import { openCell } from "./prelude.ts";
import { Late, Server, Stopped } from "./server.ts";
import { settledDeclaration } from "./settle.ts";
import { configText, type FolderConfig } from "./tsconfig.ts";

const STARTS_PER_MINUTE = 5;
/** Opening the documents of a long notebook in a new server takes some 7 ms a cell; that counts against no question. */
const REPLAY_LIMIT_MS = 30_000 * PATIENCE;
const UPDATE_LIMIT_MS = 5_000 * PATIENCE;

const EMPTY = openCell(readCell(""), new Map());

interface Live {
  readonly server: Server;
  readonly documents: Documents;
}

export class Connection {
  readonly #directory: string;
  readonly #executions: Executions;
  #config: Promise<FolderConfig | null>;
  #live: Live | null = null;
  #starting: Promise<Live> | null = null;
  #starts: number[] = [];
  #closed = false;
  #isSettling = false;

  constructor(directory: string, executions: Executions, config: Promise<FolderConfig | null>) {
    this.#directory = directory;
    this.#executions = executions;
    this.#config = config;
  }

  get pid(): number | undefined {
    return this.#live?.server.pid;
  }

  /**
   * Asks about a document with a new text; `position` counts lines of the document. Starts the server if need be, and
   * asks once more when it dies over the question.
   */
  async ask<Answer>(
    method: string,
    document: string,
    text: () => string,
    limitMs: number,
    position?: { line: number; character: number },
  ): Promise<Answer> {
    const attempt = async () => {
      const { server, documents } = await this.#connect();
      documents.put(document, text());
      return server.request<Answer>(
        method,
        { textDocument: { uri: documents.uri(document) }, position },
        limitMs,
      );
    };
    return attempt().catch((error) => (error instanceof Stopped ? attempt() : Promise.reject(error)));
  }

  /** Asks about no document. */
  async request<Answer>(method: string, params: object, limitMs: number): Promise<Answer> {
    const { server } = await this.#connect();
    return server.request<Answer>(method, params, limitMs);
  }

  start(): void {
    this.#connect().catch(() => {}); // the first question tries again
  }

  /** Sends what was executed since, and lets the server put the new program together while nobody waits for it. */
  update(): void {
    if (!this.#live) return;
    this.#sendExecutions(this.#live.documents);
    this.ask("textDocument/diagnostic", CHECKED, () => EMPTY, UPDATE_LIMIT_MS)
      .then(() => this.#settle())
      .catch(() => {});
  }

  /** Puts old executions together, if there are many. */
  async #settle(): Promise<void> {
    const old = this.#isSettling ? [] : this.#executions.old();
    if (old.length === 0) return;
    this.#isSettling = true;
    try {
      const declarations = new Map<OldExecution, ReadonlyMap<string, string | null>>();
      for (const execution of old) declarations.set(execution, await this.#declarations(execution));
      this.#executions.settle(declarations);
    } finally {
      this.#isSettling = false;
    }
    this.update();
  }

  /** Of each name that is needed of an execution; null if its type is not simple. */
  async #declarations({ slot, text, names }: OldExecution): Promise<ReadonlyMap<string, string | null>> {
    const lines = text.split("\n");
    const exports = lines.at(-1) as string; // where each name stands between spaces and commas
    const isTaken = (name: string) => this.#executions.names.has(name);
    const declarations = new Map<string, string | null>();
    for (const [name, kind] of names) {
      const character = exports.search(new RegExp(`(?<=[ ,])${name.replaceAll("$", "\\$")}(?=[ ,])`));
      const live = this.#live;
      if (character < 0 || live === null) return declarations;
      const question = {
        textDocument: { uri: live.documents.uri(cellFile(slot)) },
        position: { line: lines.length - 1, character },
      };
      const hover = await live.server.request<ServerHover | null>(
        "textDocument/hover",
        question,
        UPDATE_LIMIT_MS,
      );
      declarations.set(name, hover && settledDeclaration(textOf(hover.contents), name, kind, isTaken));
    }
    return declarations;
  }

  /** The folder's tsconfig.json was edited. */
  async configure(config: Promise<FolderConfig | null>): Promise<void> {
    this.#config = config;
    const text = configText(this.#directory, await config);
    this.#live?.documents.put(CONFIG, text);
    this.filesChanged([{ file: join(this.#directory, "tsconfig.json"), type: 2 }]);
  }

  filesChanged(events: readonly FileEvent[]): void {
    if (events.length === 0) return;
    const changes = events.map(({ file, type }) => ({ uri: pathToFileURL(file).href, type }));
    this.#live?.server.notify("workspace/didChangeWatchedFiles", { changes });
  }

  async stop(): Promise<void> {
    this.#closed = true;
    const live = await this.#starting?.catch(() => null);
    await live?.server.stop();
  }

  #connect(): Promise<Live> {
    if (this.#live?.server.alive === false) {
      this.#live = null;
      this.#starting = null;
    }
    this.#starting ??= this.#launch().catch((error) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  async #launch(): Promise<Live> {
    const now = performance.now();
    this.#starts = this.#starts.filter((time) => time > now - 60_000);
    if (this.#closed || this.#starts.length >= STARTS_PER_MINUTE) throw new Late();
    this.#starts.push(now);
    const server = await Server.start(this.#directory, CONFIG);
    const documents = new Documents(server, this.#directory);
    documents.put(CONFIG, configText(this.#directory, await this.#config));
    documents.put(GLOBALS, GLOBAL_TYPES);
    documents.put(CHECKED, EMPTY);
    documents.put(PROBE, EMPTY);
    documents.put(NAMES, "export {};");
    this.#sendExecutions(documents);
    const barrier = { textDocument: { uri: documents.uri(CHECKED) } };
    await server.request("textDocument/diagnostic", barrier, REPLAY_LIMIT_MS);
    this.#sendExecutions(documents); // what was executed meanwhile
    this.#live = { server, documents };
    return this.#live;
  }

  /** The index of names goes first: a cell that nothing leads to yet would get a project of its own. */
  #sendExecutions(documents: Documents): void {
    documents.put(NAMES, this.#executions.namesDocument());
    const needed = new Set<string>();
    for (const [slot, text] of this.#executions.documents()) {
      documents.put(cellFile(slot), text);
      needed.add(cellFile(slot));
    }
    for (const name of documents.names())
      if (name.startsWith("__notebook_cell_") && !needed.has(name)) documents.put(name, "export {};");
  }
}
