// A thread beside the user's code: it pumps the pipes and can stop the main thread, however busy that is.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { type MessagePort, workerData } from "node:worker_threads";
import { readJsonLines, writeJsonLine } from "../process/lines.ts";
import type {
  FromUser,
  InterruptRequest,
  LookReply,
  LookRequest,
  Output,
  ToUser,
} from "../process/protocol.ts";
import { Gatherer } from "./gather.ts";
import { Looker } from "./looker.ts";
import { LoopStopper } from "./loop-stopper.ts";
import { Terminator } from "./terminator.ts";

type Outgoing = FromUser & { readonly size?: number };

interface Link {
  readonly port: MessagePort;
  readonly backlog: Int32Array<SharedArrayBuffer>;
  readonly loop: Int32Array<SharedArrayBuffer>;
  readonly replies: MessagePort;
  readonly replied: Int32Array<SharedArrayBuffer>;
}

const { port, backlog, loop, replies, replied } = workerData as Link;
const data = new Socket({ fd: 3, readable: true, writable: true });
const control = new Socket({ fd: 4, readable: true, writable: true });
const inspector = new Session();
inspector.connectToMainThread();
const looker = new Looker(inspector);
const loopStopper = new LoopStopper(() => Atomics.notify(replied, 0));
/** Of the cell that runs, see RunnableCell. */
let loops: readonly string[] = [];
const terminator = new Terminator({
  stop: (done) => {
    const save = loops[Atomics.load(loop, 0) - 1];
    const terminate = () => inspector.post("Runtime.terminateExecution", done);
    if (save === undefined) terminate();
    else loopStopper.stop(save, (stopped) => (stopped ? done() : terminate()));
  },
  ping: (run) => port.postMessage({ type: "ping", run }),
});

const gatherer = new Gatherer((text) =>
  write({ type: "stream", ...text } satisfies Output, text.text.length),
);

function write(message: FromUser, size: number): void {
  writeJsonLine(data, message, () => {
    if (size === 0) return;
    Atomics.sub(backlog, 0, size);
    Atomics.notify(backlog, 0);
  });
}

port.on("message", ({ size = 0, ...message }: Outgoing) => {
  if (message.type === "ready") looker.prepare();
  if (message.type === "stream") {
    gatherer.add(message);
    return;
  }
  gatherer.flush();
  write(message as FromUser, size);
  if (message.type === "pong") terminator.answered(message.run);
});

readJsonLines<ToUser>(data, (message) => {
  if (message.type === "input_reply") {
    replies.postMessage(message);
    Atomics.add(replied, 0, 1);
    Atomics.notify(replied, 0);
    return;
  }
  terminator.afterwards(() => {
    if (message.type === "run") loops = message.cell.loops;
    const buffers = message.type === "comm" ? message.buffers.map(({ buffer }) => buffer as ArrayBuffer) : [];
    port.postMessage(message, buffers);
  });
});

readJsonLines<InterruptRequest | LookRequest>(control, (message) => {
  if (message.type === "interrupt") {
    terminator.interrupt(message.run);
    return;
  }
  looker.look(message, (look) => {
    control.write(`\n${JSON.stringify({ id: message.id, look } satisfies LookReply)}\n`);
  });
});

// Without the kernel nobody could stop this process or what it has started.
data.on("close", () => {
  const group = process.platform === "win32" ? process.pid : -process.pid;
  process.kill(group, "SIGKILL");
});
data.on("error", () => data.destroy());
control.on("error", () => control.destroy());
