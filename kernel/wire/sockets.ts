// The kernel's five ZeroMQ sockets: bound, read, written in order, closed.
import { capability, Router, type Socket, XPublisher } from "zeromq";
import { address, type Connection, ConnectionError, isIpv6, type Ports } from "./connection.ts";
import { Outbox } from "./outbox.ts";

/** The sockets on which requests come in. */
export type Channel = "shell" | "control" | "stdin";

/** Gets what comes in as requests. */
type Receiver = (channel: Channel, frames: Uint8Array[]) => void;

// Unlimited queues: ZeroMQ would drop what exceeds them.
const UNLIMITED = { sendHighWaterMark: 0, receiveHighWaterMark: 0, linger: 1000 };
// After a restart the new process may come before the old one has left the ports.
const BIND_RETRY_MS = 100;
/** A socket whose reading failed tries again, but not in a busy loop. */
const READ_RETRY_MS = 100;

export class Sockets {
  readonly #connection: Connection;
  readonly #requests: Record<Channel, Router>;
  readonly #iopub: XPublisher;
  /** Not a Reply socket: for that one, a malformed message is an error of receiving. */
  readonly #heartbeat: Router;
  readonly #outboxes: Record<Channel | "iopub", Outbox>;
  readonly #log: (text: string) => void;

  /** Throws ConnectionError if the connection is to be encrypted and cannot be. */
  constructor(connection: Connection, log: (text: string) => void) {
    this.#connection = connection;
    this.#log = log;
    const options = { ...security(connection), ipv6: isIpv6(connection.ip) };
    const router = () => new Router({ ...UNLIMITED, ...options, handover: true });
    this.#requests = { shell: router(), control: router(), stdin: router() };
    this.#iopub = new XPublisher({ ...UNLIMITED, ...options, verbosity: "allSubs" });
    this.#heartbeat = new Router({ ...UNLIMITED, ...options, linger: 0 });
    const outbox = (socket: Router | XPublisher) => new Outbox(socket, log);
    this.#outboxes = {
      shell: outbox(this.#requests.shell),
      control: outbox(this.#requests.control),
      stdin: outbox(this.#requests.stdin),
      iopub: outbox(this.#iopub),
    };
  }

  /** Binds all sockets, so that clients can connect; throws ConnectionError if a port stays taken for `patienceMs`. */
  async bind(patienceMs: number): Promise<void> {
    const { shell, control, stdin } = this.#requests;
    const to = (socket: Socket, port: keyof Ports) =>
      bind(socket, address(this.#connection, port), patienceMs);
    await Promise.all([
      to(shell, "shell_port"),
      to(control, "control_port"),
      to(stdin, "stdin_port"),
      to(this.#iopub, "iopub_port"),
      to(this.#heartbeat, "hb_port"),
    ]);
    this.#echoHeartbeats();
  }

  /** Starts to read; what has come in so far is read first. */
  listen(receive: Receiver): void {
    for (const channel of ["shell", "control", "stdin"] as const) {
      const socket = this.#requests[channel];
      this.#read(socket, async () => {
        for await (const frames of socket) receive(channel, frames);
      });
    }
  }

  /** `subscribed` hears of each client that subscribes to messages whose topic starts with these bytes. */
  async greet(subscribed: (topic: Uint8Array) => void): Promise<void> {
    this.#read(this.#iopub, async () => {
      for await (const [frame] of this.#iopub) {
        if (frame?.[0] === 1) subscribed(frame.subarray(1));
      }
    });
    await new Promise((resolve) => setImmediate(resolve)); // those who are there already
  }

  send(channel: Channel | "iopub", frames: Uint8Array[]): void {
    this.#outboxes[channel].send(frames);
  }

  /** Sends what is waiting, then closes. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.emptied()));
    for (const socket of [...Object.values(this.#requests), this.#iopub, this.#heartbeat]) socket.close();
  }

  #echoHeartbeats(): void {
    this.#read(this.#heartbeat, async () => {
      for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
    });
  }

  #read(socket: Socket, loop: () => Promise<void>): void {
    loop().catch((error: unknown) => {
      if (socket.closed) return;
      this.#log(`a socket failed: ${error}`);
      setTimeout(() => this.#read(socket, loop), READ_RETRY_MS);
    });
  }
}

function security({ curve_publickey, curve_secretkey }: Connection) {
  if (!curve_secretkey || !curve_publickey) return {};
  if (!capability.curve) {
    throw new ConnectionError(
      "The connection file asks for encryption (CurveZMQ), which this build of ZeroMQ cannot do.",
    );
  }
  return { curveServer: true, curvePublicKey: curve_publickey, curveSecretKey: curve_secretkey };
}

async function bind(socket: Socket, where: string, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await socket.bind(where);
      return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EADDRINUSE" && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, BIND_RETRY_MS));
        continue;
      }
      const reason = code === "EADDRINUSE" ? "another program uses this port" : message;
      throw new ConnectionError(`Cannot listen on ${where}: ${reason}.`);
    }
  }
}
