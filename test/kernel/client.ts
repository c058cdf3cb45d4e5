// A small Jupyter client that starts a real kernel process and speaks ZeroMQ to it.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Dealer, Request as RequestSocket, Subscriber } from "zeromq";
import { address, type Connection, type Ports } from "../../kernel/wire/connection.ts";
import { FrameCodec } from "../../kernel/wire/frames.ts";
import { HeaderMaker, type Message } from "../../kernel/wire/message.ts";
import { temporaryFolder } from "./folders.ts";

export const KERNEL = fileURLToPath(new URL("../../kernel/main.ts", import.meta.url));
const SPEC: { argv: string[] } = JSON.parse(
  readFileSync(new URL("../../kernel.json", import.meta.url), "utf8"),
);
/** What is waited for in vain ends a test before its own limit does, with a better message. */
const PATIENCE_MS = 100_000;
/** The limits of the heap with which Jupyter starts it. */
const NODE_OPTIONS = SPEC.argv.filter((argument) => argument.startsWith("--"));

type Content = Record<string, unknown>;

export interface CellRun {
  readonly id: string;
  readonly reply: Content;
  readonly replyMetadata: Content;
  /** What was published for this cell, up to its idle status; status messages left out. */
  readonly outputs: { type: string; content: Content }[];
  readonly stdout: string;
  readonly stderr: string;
  /** text/plain of the result. */
  readonly result: string | undefined;
}

export type ConnectionFile = Connection & Content;

/** A connection file with ports that are free now, and other fields as given. */
export async function connectionFile(
  fields: object = {},
): Promise<{ path: string; connection: ConnectionFile }> {
  const servers = await Promise.all(Array.from({ length: 5 }, freePort));
  const names = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"];
  const ports = Object.fromEntries(names.map((name, index) => [name, servers[index]]));
  const connection: ConnectionFile = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...(ports as unknown as Ports),
    ...fields,
  };
  const path = join(temporaryFolder(), "connection.json");
  writeFileSync(path, JSON.stringify(connection));
  return { path, connection };
}

/** As a client of this connection has to set its sockets. */
export function socketOptions({ ip, curve_publickey, curve_secretkey }: Connection) {
  const plain = { linger: 0, ipv6: ip.includes(":") };
  if (!curve_publickey || !curve_secretkey) return plain;
  const keys = { curvePublicKey: curve_publickey, curveSecretKey: curve_secretkey };
  return { ...plain, ...keys, curveServerKey: curve_publickey };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export class TestClient {
  readonly process: ChildProcess;
  readonly connection: ConnectionFile;
  readonly published: Message[] = [];
  /** What the kernel has asked on the stdin socket. */
  readonly questions: Message[] = [];
  /** The requests that were answered. */
  readonly repliesInOrder: string[] = [];
  log = "";

  readonly #codec: FrameCodec;
  readonly #headers = new HeaderMaker();
  /** Shell and stdin have it in common: so the kernel finds the one it asks. */
  readonly #identity = randomUUID();
  readonly #shell: Dealer;
  readonly #stdin: Dealer;
  readonly #control: Dealer;
  readonly #iopub: Subscriber;
  readonly #replies = new Map<string, Message>();
  #wake: (() => void)[] = [];

  private constructor(
    path: string,
    connection: ConnectionFile,
    options: { directory?: string; env?: object },
  ) {
    this.connection = connection;
    this.#codec = new FrameCodec(connection.key);
    this.process = spawn(process.execPath, [...NODE_OPTIONS, KERNEL, path], {
      cwd: options.directory ?? temporaryFolder(),
      // The kernel ends with the tests, also when these are killed.
      env: { ...process.env, JPY_PARENT_PID: String(process.pid), ...options.env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
    });
    const settings = socketOptions(connection);
    this.#shell = new Dealer({ ...settings, routingId: this.#identity });
    this.#stdin = new Dealer({ ...settings, routingId: this.#identity });
    this.#control = new Dealer(settings);
    this.#iopub = new Subscriber({ ...settings, receiveHighWaterMark: 0 });
    this.#shell.connect(this.address("shell_port"));
    this.#control.connect(this.address("control_port"));
    this.#stdin.connect(this.address("stdin_port"));
    this.#iopub.connect(this.address("iopub_port"));
    this.#iopub.subscribe("");
    void this.#read(this.#shell, (message) => this.#keepReply(message));
    void this.#read(this.#control, (message) => this.#keepReply(message));
    void this.#read(this.#stdin, (message) => this.questions.push(message));
    void this.#read(this.#iopub, (message) => this.published.push(message));
  }

  /** Starts a kernel and waits until it answers and its published messages arrive. */
  static async start(
    options: { directory?: string; env?: object; connection?: object } = {},
  ): Promise<TestClient> {
    for (;;) {
      const { path, connection } = await connectionFile(options.connection);
      const client = new TestClient(path, connection, options);
      const asked = await client.send("shell", "kernel_info_request", {});
      const isThere = () =>
        client.#replies.has(asked) &&
        client.published.some(({ header }) => header.msg_type === "iopub_welcome");
      await client.until(() => isThere() || client.#hasEnded);
      if (isThere()) return client;
      await client.stop();
      // Between the moment in which a port was free and the start of the kernel another program may take it.
      if (!client.log.includes("another program uses this port")) throw new Error(client.log);
    }
  }

  async stop(): Promise<void> {
    if (!this.#hasEnded) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      await ended;
    }
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub]) socket.close();
  }

  /** Where a socket of the kernel is. */
  address(port: keyof Ports): string {
    const { ip } = this.connection;
    return address({ ...this.connection, ip: ip === "0.0.0.0" ? "127.0.0.1" : ip }, port);
  }

  /** Frames of a message with the right signature. */
  pack(type: string, content: Content, header: object = {}): Uint8Array[] {
    const message = { identities: [], parent: null, metadata: {}, content, buffers: [] };
    return this.#codec.pack({ ...message, header: { ...this.#headers.make(type), ...header } });
  }

  /** Sends frames as they are. */
  async sendRaw(channel: "shell" | "control", frames: (string | Uint8Array)[]): Promise<void> {
    await (channel === "shell" ? this.#shell : this.#control).send(frames);
  }

  /** Sends a request and gives its message id. */
  async send(
    channel: "shell" | "control",
    type: string,
    content: Content,
    { metadata = {}, buffers = [] }: { metadata?: Content; buffers?: Uint8Array[] } = {},
  ): Promise<string> {
    const header = this.#headers.make(type);
    const message = { identities: [], header, parent: null, metadata, content, buffers };
    await this.sendRaw(channel, this.#codec.pack(message));
    return header.msg_id;
  }

  async request(channel: "shell" | "control", type: string, content: Content): Promise<Content> {
    const id = await this.send(channel, type, content);
    return (await this.reply(id)).content;
  }

  async reply(id: string): Promise<Message> {
    await this.until(() => this.#replies.has(id));
    return this.#replies.get(id) as Message;
  }

  /** Waits for the next question after `asked` others. */
  async question(asked: number): Promise<Message> {
    await this.until(() => this.questions.length > asked);
    return this.questions[asked] as Message;
  }

  /** Answers a question; null as `parent` is a client that does not say which, as jupyter_client. */
  async answer(value: unknown, parent: Message["header"] | null): Promise<void> {
    const header = this.#headers.make("input_reply");
    const content = { status: "ok", value };
    await this.#stdin.send(
      this.#codec.pack({ identities: [], header, parent, metadata: {}, content, buffers: [] }),
    );
  }

  startCell(code: string, options: Content = {}): Promise<string> {
    return this.send("shell", "execute_request", { code, silent: false, store_history: true, ...options });
  }

  async execute(code: string, options: Content = {}): Promise<CellRun> {
    return this.finishCell(await this.startCell(code, options));
  }

  /** Runs a cell with a type error, once more each time that its check was too late to stop it: on a busy machine it may be. */
  async executeWrong(code: string): Promise<CellRun> {
    const deadline = performance.now() + PATIENCE_MS / 2;
    for (;;) {
      const run = await this.execute(code);
      if (run.reply.ename === "TypeScriptError" || performance.now() > deadline) return run;
    }
  }

  async finishCell(id: string): Promise<CellRun> {
    const reply = await this.reply(id);
    await this.until(() => this.states(id).includes("idle"));
    const outputs = this.outputs(id);
    const text = (name: string) =>
      outputs
        .filter(({ type, content }) => type === "stream" && content.name === name)
        .map(({ content }) => content.text)
        .join("");
    const result = outputs.find(({ type }) => type === "execute_result")?.content.data as Content | undefined;
    return {
      id,
      reply: reply.content,
      replyMetadata: reply.metadata,
      outputs,
      stdout: text("stdout"),
      stderr: text("stderr"),
      result: result?.["text/plain"] as string | undefined,
    };
  }

  /** All that has been published for a request so far, status messages left out. */
  outputs(id: string): { type: string; content: Content }[] {
    return this.#publishedFor(id)
      .filter((message) => message.header.msg_type !== "status")
      .map((message) => ({ type: message.header.msg_type, content: message.content }));
  }

  states(id: string): unknown[] {
    return this.#publishedFor(id)
      .filter((message) => message.header.msg_type === "status")
      .map((message) => message.content.execution_state);
  }

  /** Round trip of one heartbeat. */
  async heartbeat(): Promise<string> {
    const socket = new RequestSocket({ ...socketOptions(this.connection), receiveTimeout: PATIENCE_MS });
    socket.connect(this.address("hb_port"));
    try {
      await socket.send("ping");
      return String((await socket.receive())[0]);
    } finally {
      socket.close();
    }
  }

  interrupt(): Promise<Content> {
    return this.request("control", "interrupt_request", {});
  }

  /** Waits for something to become true; what may change it is a message from the kernel. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > deadline) throw new Error(`waited in vain for ${condition}; log: ${this.log}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 50);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  get #hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  #publishedFor(id: string): Message[] {
    return this.published.filter((message) => message.parent?.msg_id === id);
  }

  #keepReply(message: Message): void {
    if (message.parent === null) return;
    this.#replies.set(message.parent.msg_id, message);
    this.repliesInOrder.push(message.parent.msg_id);
  }

  async #read(socket: Dealer | Subscriber, keep: (message: Message) => void): Promise<void> {
    try {
      for await (const frames of socket) {
        keep(this.#codec.unpack(frames));
        for (const wake of this.#wake.splice(0)) wake();
      }
    } catch (error) {
      if (!socket.closed) throw error;
    }
  }
}
