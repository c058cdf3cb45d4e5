// A thread beside the user's code: it pumps the pipes and can stop the main thread, however busy that is.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { type MessagePort, workerData } from "node:worker_threads";
import { readJsonLines } from "../process/lines.ts";
import type {
  FromUser,
  InterruptRequest,
  LookReply,
  LookRequest,
  Output,
  ToUser,
} from "../process/protocol.ts";
import { Looker } from "./looker.ts";

type Outgoing = FromUser & { readonly size?: number };
type StreamText = { run: number | null; name: "stdout" | "stderr"; text: string };

/** Text is gathered this long, so that a loop that prints makes tens of messages a second and not thousands. */
const GATHER_MS = 30;
/** …or until it is this long, in characters; what is longer goes in pieces, which the kernel can hold back. */
const GATHER_SIZE = 64_000;

interface Link {
  readonly port: MessagePort;
  readonly backlog: Int32Array<SharedArrayBuffer>;
  readonly replies: MessagePort;
  readonly replied: Int32Array<SharedArrayBuffer>;
}

const { port, backlog, replies, replied } = workerData as Link;
const data = new Socket({ fd: 3, readable: true, writable: true });
const control = new Socket({ fd: 4, readable: true, writable: true });
const inspector = new Session();
inspector.connectToMainThread();
const looker = new Looker(inspector);

let gathered: StreamText | null = null;
let timer: NodeJS.Timeout | null = null;

function write(message: FromUser, size: number): void {
  data.write(`${JSON.stringify(message)}\n`, () => {
    if (size === 0) return;
    Atomics.sub(backlog, 0, size);
    Atomics.notify(backlog, 0);
  });
}

function flush(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  if (gathered === null) return;
  const { run, name, text } = gathered;
  gathered = null;
  for (let start = 0; start < text.length; ) {
    const piece = text.slice(start, endOfPiece(text, start));
    write({ type: "stream", run, name, text: piece } satisfies Output, piece.length);
    start += piece.length;
  }
}

/** After a line if there is one, and not within a character of two units. */
function endOfPiece(text: string, start: number): number {
  const limit = start + GATHER_SIZE;
  if (limit >= text.length) return text.length;
  const line = text.lastIndexOf("\n", limit - 1);
  if (line >= start) return line + 1;
  return (text.codePointAt(limit - 1) as number) > 0xffff ? limit - 1 : limit;
}

port.on("message", ({ size = 0, ...message }: Outgoing) => {
  if (message.type === "ready") looker.prepare();
  if (message.type !== "stream") {
    flush();
    write(message as FromUser, size);
    return;
  }
  if (gathered !== null && (gathered.run !== message.run || gathered.name !== message.name)) flush();
  if (gathered === null) {
    gathered = { run: message.run, name: message.name, text: message.text };
    timer = setTimeout(flush, GATHER_MS);
  } else {
    gathered.text += message.text;
  }
  if (gathered.text.length > GATHER_SIZE) flush();
});

readJsonLines<ToUser>(data, (message) => {
  if (message.type !== "input_reply") {
    port.postMessage(message);
    return;
  }
  replies.postMessage(message);
  Atomics.add(replied, 0, 1);
  Atomics.notify(replied, 0);
});

readJsonLines<InterruptRequest | LookRequest>(control, (message) => {
  if (message.type === "look") {
    looker.look(message, (look) => {
      control.write(`${JSON.stringify({ id: message.id, look } satisfies LookReply)}\n`);
    });
    return;
  }
  const { run } = message;
  // The ping follows the termination; its answer proves that the main thread is back in its event loop.
  inspector.post("Runtime.terminateExecution", () => port.postMessage({ type: "ping", run }));
});

// Without the kernel nobody could stop this process or what it has started.
data.on("close", () => {
  const group = process.platform === "win32" ? process.pid : -process.pid;
  process.kill(group, "SIGKILL");
});
data.on("error", () => data.destroy());
control.on("error", () => control.destroy());
