// The global `comms`: channels between the code of the cells and the code of a front end, such as that of a widget.
import { randomUUID } from "node:crypto";
import { setImmediate } from "node:timers"; // a cell may delete the global one
import { inspect, types } from "node:util";
import type { CommDelivery, CommMessageType } from "../process/protocol.ts";
import { send, sendOutput } from "./link.ts";
import { beginRun, currentRun, endRun, failRun, type Run, writingRun } from "./run.ts";

interface CommMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

interface CommOptions {
  metadata?: Record<string, unknown>;
  buffers?: readonly (ArrayBufferLike | ArrayBufferView)[];
}

type MessageHandler = (message: CommMessage) => unknown;
type TargetHandler = (comm: Comm, opening: CommMessage) => unknown;

const targets = new Map<string, TargetHandler>();
const open = new Map<string, Comm>();

const { parse, stringify } = JSON; // a cell may replace them

class Comm {
  readonly id: string;
  readonly target: string;
  /** Called with what the other side sends. */
  onMessage: MessageHandler | null = null;
  /** Called when the other side closes the comm. */
  onClose: MessageHandler | null = null;

  constructor(id: string, target: string) {
    this.id = id;
    this.target = target;
    open.set(id, this);
  }

  get closed(): boolean {
    return open.get(this.id) !== this;
  }

  send(data: unknown = {}, options: CommOptions = {}): void {
    if (this.closed) {
      throw new Error(`The comm ${inspect(this.target)} is closed; comms.open opens another one.`);
    }
    sendComm("comm_msg", this, data, options);
  }

  close(data: unknown = {}, options: CommOptions = {}): void {
    if (this.closed) return;
    sendComm("comm_close", this, data, options);
    open.delete(this.id);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const comms = Object.freeze({
  /** Lets front ends open comms of this target; registering it again replaces the handler. */
  register(target: string, handler: TargetHandler): void {
    if (typeof handler !== "function") {
      throw new TypeError(`comms.register takes the target's name and a function, not ${inspect(handler)}.`);
    }
    targets.set(nameOf(target), handler);
    send({ type: "comm_target", target, registered: true });
  },
  unregister(target: string): void {
    targets.delete(nameOf(target));
    send({ type: "comm_target", target, registered: false });
  },
  open(target: string, data: unknown = {}, options: CommOptions = {}): Comm {
    const comm = new Comm(randomUUID().replaceAll("-", ""), nameOf(target));
    try {
      sendComm("comm_open", comm, data, options);
    } catch (error) {
      open.delete(comm.id);
      throw error;
    }
    return comm;
  },
});

export function installComms(): void {
  Object.defineProperty(globalThis, "comms", { value: comms, configurable: true, writable: true });
}

/** A message of the front end. Its handler runs from the event loop, so that an interrupt ends nothing else. */
export function deliverComm(delivery: CommDelivery): void {
  const run = beginRun(delivery.run);
  setImmediate(() => currentRun.run(run, handle, run, delivery));
}

function handle(run: Run, delivery: CommDelivery): void {
  if (run.stopped) return;
  try {
    const result = callHandler(delivery);
    if (!types.isPromise(result)) endRun(run, null);
    else
      result.then(
        () => endRun(run, null),
        (error) => failRun(run, error),
      );
  } catch (error) {
    failRun(run, error);
  }
}

function callHandler({ message: type, id, target, data, metadata, buffers }: CommDelivery): unknown {
  const message: CommMessage = { data, metadata, buffers };
  if (type === "comm_open") {
    const handler = targets.get(target);
    const comm = new Comm(id, target);
    if (handler === undefined) comm.close(); // unregistered while the message was on its way
    return handler?.(comm, message);
  }
  const comm = open.get(id);
  if (type === "comm_msg") return comm?.onMessage?.(message);
  open.delete(id);
  return comm?.onClose?.(message);
}

function sendComm(message: CommMessageType, comm: Comm, data: unknown, options: CommOptions): void {
  const { metadata = {}, buffers = [] } = options;
  const copies = buffers.map(copyOf);
  const json = toJson({ data, metadata });
  const size = copies.reduce((sum, copy) => sum + copy.byteLength, json.length);
  const { id, target } = comm;
  const content = parse(json) as Pick<CommMessage, "data" | "metadata">;
  const whole = {
    type: "comm",
    run: writingRun(),
    message,
    id,
    target,
    ...content,
    buffers: copies,
  } as const;
  sendOutput(
    whole,
    size,
    copies.map(({ buffer }) => buffer),
  );
}

function toJson(content: { data: unknown; metadata: unknown }): string {
  for (const [name, value] of Object.entries(content)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new TypeError(
        `The ${name} of a comm message is an object such as { value: 1 }, not ${inspect(value)}.`,
      );
    }
  }
  try {
    return stringify(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TypeError(`A comm message cannot be sent: its data has no JSON form (${reason}).`, {
      cause: error,
    });
  }
}

/** The bytes as they are now: the caller may go on to change its own. */
function copyOf(bytes: ArrayBufferLike | ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (types.isAnyArrayBuffer(bytes)) return new Uint8Array(new Uint8Array(bytes));
  if (ArrayBuffer.isView(bytes)) {
    return new Uint8Array(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  throw new TypeError(
    `The buffers of a comm message are ArrayBuffers or views of them such as Uint8Array, not ${inspect(bytes)}.`,
  );
}

function nameOf(target: unknown): string {
  if (typeof target === "string" && target !== "") return target;
  throw new TypeError(`The target of a comm is a name, not ${inspect(target)}.`);
}
