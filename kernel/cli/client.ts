// A client for one kernel of our own: starts it, talks to it over ZeroMQ as a front end does, shuts it down.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { address, type Connection } from "../wire/connection.ts";
import { FrameCodec } from "../wire/frames.ts";
import { HeaderMaker, type Message } from "../wire/message.ts";
import { CommandError } from "./error.ts";
import { kernelProgram } from "./kernelspec.ts";

const nudgeMs = 500;
const startLimitMs = 60_000;
const shutdownLimitMs = 5_000;
/** In bytes; on Linux it would be 107. */
const LONGEST_SOCKET_PATH = 103;
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 0 };

type Listener = (message: Message) => void;

export class KernelClient {
  /** Resolves to a sentence about the kernel's end, whenever that comes. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #codec: FrameCodec;
  readonly #headers = new HeaderMaker();
  readonly #shell = new Dealer(unlimited);
  readonly #control = new Dealer(unlimited);
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0 });
  /** Who hears what was published, and who awaits the reply, for each request by its msg_id. */
  readonly #published = new Map<string, Listener>();
  readonly #replies = new Map<string, Listener>();
  #heardFromKernel: () => void = () => {};

  /** Starts a kernel whose cells run in `directory`, for the notebook `session`; resolves when it answers. */
  static async start(options: { directory: string; session: string }): Promise<KernelClient> {
    // mkdtemp makes a folder that only this user may enter, and the file in it holds the key to the kernel.
    const folder = mkdtempSync(join(tmpdir(), "lectern-"));
    const connection = {
      signature_scheme: "hmac-sha256",
      key: randomUUID(),
      ...(await addresses(folder)),
    } as Connection;
    const client = new KernelClient(connection, folder, options);
    try {
      await client.#answering();
    } catch (error) {
      await client.shutdown();
      throw error;
    }
    return client;
  }

  private constructor(
    connection: Connection,
    folder: string,
    { directory, session }: { directory: string; session: string },
  ) {
    this.#folder = folder;
    const file = join(this.#folder, "connection.json");
    writeFileSync(file, JSON.stringify(connection), { mode: 0o600 });
    this.#codec = new FrameCodec(connection.key);
    this.#process = spawn(process.execPath, [kernelProgram, file], {
      cwd: directory,
      // A group of its own: Ctrl-C in the terminal is ours to turn into an interrupt of the cell.
      detached: process.platform !== "win32",
      // The cells of a notebook that is run as a whole are not what a person has typed.
      env: {
        LECTERN_HISTORY: "off",
        ...process.env,
        JPY_PARENT_PID: String(process.pid),
        JPY_SESSION_NAME: session,
      },
      stdio: ["ignore", "ignore", "inherit"],
      windowsHide: true,
    });
    this.ended = new Promise((resolve) => {
      this.#process.on("error", (error) => resolve(`The kernel does not start: ${error.message}`));
      this.#process.on("exit", (code, signal) =>
        resolve(`The kernel ended by itself (${signal ?? `code ${code}`}).`),
      );
    });
    this.#shell.connect(address(connection, "shell_port"));
    this.#control.connect(address(connection, "control_port"));
    this.#iopub.connect(address(connection, "iopub_port"));
    this.#iopub.subscribe();
    this.#read(this.#shell, (message) => this.#settle(message));
    this.#read(this.#control, (message) => this.#settle(message));
    this.#read(this.#iopub, (message) => {
      this.#heardFromKernel();
      this.#published.get(message.parent?.msg_id ?? "")?.(message);
    });
  }

  async kernelInfo(): Promise<Record<string, unknown>> {
    return (await this.#request(this.#shell, "kernel_info_request", {})).content;
  }

  /**
   * Runs a cell; resolves to the reply's content once the kernel is idle again.
   * `onPublished` also hears what the cell's timers publish later.
   */
  async execute(code: string, stopOnError: boolean, onPublished: Listener): Promise<Record<string, unknown>> {
    const idle = Promise.withResolvers<void>();
    const content = {
      ...{ code, silent: false, store_history: true, user_expressions: {} },
      ...{ allow_stdin: false, stop_on_error: stopOnError },
    };
    const reply = await this.#request(this.#shell, "execute_request", content, (message) => {
      const { msg_type } = message.header;
      if (msg_type === "status" && message.content.execution_state === "idle") idle.resolve();
      else onPublished(message);
    });
    await this.#unlessEnded(idle.promise);
    return reply.content;
  }

  async interrupt(): Promise<void> {
    await this.#request(this.#control, "interrupt_request", {});
  }

  /** Ends the kernel, by force where it takes too long, and removes the connection file. */
  async shutdown(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid) {
      const force = setTimeout(() => this.#kill(), shutdownLimitMs);
      this.#send(this.#control, "shutdown_request", { restart: false }).catch(() => this.#kill());
      await this.ended;
      clearTimeout(force);
    }
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Asks again and again: what is published before the subscription has arrived is lost. */
  async #answering(): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      this.#heardFromKernel = resolve;
    });
    const ask = () => this.kernelInfo();
    const nudge = setInterval(() => ask().catch(() => {}), nudgeMs);
    const late = Promise.withResolvers<never>();
    const limit = setTimeout(() => {
      late.reject(new CommandError(`The kernel did not answer within ${startLimitMs / 1000} s.`));
    }, startLimitMs);
    try {
      await Promise.race([late.promise, this.#unlessEnded(Promise.all([ask(), heard]))]);
    } finally {
      clearInterval(nudge);
      clearTimeout(limit);
    }
  }

  async #request(socket: Dealer, type: string, content: object, onPublished?: Listener): Promise<Message> {
    const reply = Promise.withResolvers<Message>();
    await this.#send(socket, type, content, (id) => {
      this.#replies.set(id, reply.resolve);
      if (onPublished) this.#published.set(id, onPublished);
    });
    return await this.#unlessEnded(reply.promise);
  }

  async #send(socket: Dealer, type: string, content: object, sending?: (id: string) => void): Promise<void> {
    const header = this.#headers.make(type);
    sending?.(header.msg_id);
    const message = {
      identities: [],
      header,
      parent: null,
      metadata: {},
      content: { ...content },
      buffers: [],
    };
    await socket.send(this.#codec.pack(message));
  }

  #settle(message: Message): void {
    const id = message.parent?.msg_id ?? "";
    this.#replies.get(id)?.(message);
    this.#replies.delete(id);
  }

  async #unlessEnded<T>(promise: Promise<T>): Promise<T> {
    const failed = this.ended.then((why): never => {
      throw new CommandError(why);
    });
    return await Promise.race([promise, failed]);
  }

  #read(socket: Dealer | Subscriber, receive: Listener): void {
    const loop = async () => {
      for await (const frames of socket) receive(this.#codec.unpack(frames));
    };
    loop().catch((error) => {
      if (!socket.closed) throw error;
    });
  }

  #kill(): void {
    const pid = this.#process.pid;
    if (pid === undefined) return;
    if (process.platform === "win32") this.#process.kill();
    else process.kill(-pid, "SIGKILL");
  }
}

/**
 * Sockets in the folder, which nobody else can take; TCP where there are none, or where their paths would be too long.
 */
async function addresses(folder: string): Promise<Partial<Connection>> {
  const sockets = join(folder, "kernel");
  const isTcp = process.platform === "win32" || Buffer.byteLength(`${sockets}-5`) > LONGEST_SOCKET_PATH;
  const numbers = isTcp ? await freePorts(5) : [1, 2, 3, 4, 5];
  const [shell_port, control_port, stdin_port, iopub_port, hb_port] = numbers;
  return {
    ...(isTcp ? { transport: "tcp", ip: "127.0.0.1" } : { transport: "ipc", ip: sockets }),
    ...{ shell_port, control_port, stdin_port, iopub_port, hb_port },
  };
}

/** Ports nobody listens on now; all are held until all are known, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof createServer>>();
      const server = createServer().once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server));
      return promise;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
