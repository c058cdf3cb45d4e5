// One process of the TypeScript language server: messages to it, questions with a time limit, and its end.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { MessageConnection } from "vscode-jsonrpc/node";
import { PATIENCE } from "./patience.ts";

/** The server did not answer within the time limit. */
export class Late extends Error {}

/** The server is not running (any more). */
export class Stopped extends Error {}

type Rpc = typeof import("vscode-jsonrpc/node");
type Process = ChildProcessByStdio<Writable, Readable, null>;

const START_LIMIT_MS = 10_000 * PATIENCE;
/** A type that is being computed cannot be interrupted everywhere: a server that is busy this long after a cancellation is killed. */
const CANCEL_GRACE_MS = 1_000 * PATIENCE;

const CAPABILITIES = {
  general: { positionEncodings: ["utf-16"] },
  workspace: { configuration: true, workspaceFolders: true },
  textDocument: {
    diagnostic: {},
    hover: { contentFormat: ["markdown"] },
    completion: {
      completionItem: { documentationFormat: ["markdown"], insertReplaceSupport: false },
      completionList: { itemDefaults: ["editRange"] },
    },
    signatureHelp: {
      signatureInformation: { documentationFormat: ["markdown"], activeParameterSupport: true },
    },
  },
};

export class Server {
  readonly #process: Process;
  readonly #connection: MessageConnection;
  readonly #rpc: Rpc;
  readonly #exit: Promise<void>;
  /** Number → ends the waiting. A reaction on the promise of the exit would stay until then, and all its request with it. */
  readonly #unanswered = new Map<number, (reason: Error) => void>();
  #requests = 0;
  #alive = true;

  /**
   * Starts a server for the documents of a folder. `configName` is the name of the document with the compiler options:
   * under a name of its own it does not hide a tsconfig.json of the folder.
   */
  static async start(directory: string, configName: string): Promise<Server> {
    const child = spawn(compilerPath(), ["--lsp", "--stdio"], {
      cwd: directory,
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    const exit = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
      child.once("error", () => resolve());
    });
    // Loaded while the process starts, so that it delays nothing else (25 ms).
    const server = new Server(child, exit, await import("vscode-jsonrpc/node"), settings(configName));
    try {
      await server.#initialize(directory);
    } catch (error) {
      server.kill();
      throw error;
    }
    return server;
  }

  private constructor(child: Process, exit: Promise<void>, rpc: Rpc, configuration: object) {
    this.#process = child;
    this.#rpc = rpc;
    this.#connection = rpc.createMessageConnection(child.stdout, child.stdin);
    this.#connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => configuration),
    );
    this.#connection.onRequest(() => null);
    this.#connection.onError(() => this.kill());
    child.stdin.on("error", () => this.kill());
    this.#exit = exit.then(() => {
      this.#alive = false;
      this.#connection.dispose();
      for (const end of this.#unanswered.values()) end(new Stopped());
    });
    this.#connection.listen();
  }

  get alive(): boolean {
    return this.#alive;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  notify(method: string, params: object): void {
    // A server that has gone shows at the next request.
    if (this.#alive) this.#connection.sendNotification(method, params).catch(() => {});
  }

  /** Rejects with `Late` or `Stopped`, or with the server's own error. */
  async request<Answer>(method: string, params: object, limitMs: number): Promise<Answer> {
    if (!this.#alive) throw new Stopped();
    const cancellation = new this.#rpc.CancellationTokenSource();
    const answer = this.#connection.sendRequest<Answer>(method, params, cancellation.token);
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const id = ++this.#requests;
    this.#unanswered.set(id, reject);
    let timer = setTimeout(
      function expire(server: Server) {
        // An older request may keep the server busy: its own limit decides, and this one may yet be answered.
        if (id !== Math.min(...server.#unanswered.keys())) {
          timer = setTimeout(expire, limitMs, server);
          return;
        }
        cancellation.cancel();
        timer = setTimeout(() => server.kill(), CANCEL_GRACE_MS);
        reject(new Late());
      },
      limitMs,
      this,
    );
    const answered = () => {
      clearTimeout(timer);
      this.#unanswered.delete(id);
    };
    answer.then(answered, answered);
    try {
      return await Promise.race([answer, ended]);
    } catch (error) {
      if (error instanceof Late || this.#isAnswer(error)) throw error;
      this.kill(); // if it was not the end of the process, the connection is broken
      throw new Stopped();
    }
  }

  /** The server's own error, and not one of the connection, which has codes of its own. */
  #isAnswer(error: unknown): boolean {
    const { ResponseError, ErrorCodes } = this.#rpc;
    if (!(error instanceof ResponseError)) return false;
    return (
      error.code < ErrorCodes.jsonrpcReservedErrorRangeStart || error.code > ErrorCodes.ConnectionInactive
    );
  }

  kill(): void {
    this.#alive = false;
    this.#process.kill("SIGKILL");
  }

  async stop(): Promise<void> {
    this.kill();
    await this.#exit;
  }

  async #initialize(directory: string): Promise<void> {
    const rootUri = pathToFileURL(directory).href;
    await this.request(
      "initialize",
      {
        processId: process.pid,
        rootUri,
        workspaceFolders: [{ uri: rootUri, name: "notebook" }],
        initializationOptions: { disablePushDiagnostics: true },
        capabilities: CAPABILITIES,
      },
      START_LIMIT_MS,
    );
    this.notify("initialized", {});
  }
}

/** The native program itself: the script `tsc` of the package would only start it. */
export function compilerPath(): string {
  const compiler = createRequire(import.meta.url).resolve("typescript/package.json");
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  const folder = dirname(createRequire(compiler).resolve(platform));
  return join(folder, "lib", process.platform === "win32" ? "tsc.exe" : "tsc");
}

/** Without these, every change of a document starts an index for automatic imports and a look-up of packages. */
function settings(configName: string): object {
  return {
    customConfigFileName: configName,
    disableAutomaticTypeAcquisition: true,
    tsserver: { automaticTypeAcquisition: { enabled: false } },
    suggest: { autoImports: false, includeCompletionsForImportStatements: false },
  };
}
