// The main thread's end of the line to the kernel: messages go through the sidecar thread, which owns the pipes.
import { extname } from "node:path";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type {
  CommDelivery,
  CommMessage,
  FromUser,
  InputReply,
  Output,
  RunRequest,
} from "../process/protocol.ts";

/** What the sidecar tells the main thread: a cell to run, a message of a comm, or whether it is free again after an interrupt. */
export type ToMain = RunRequest | CommDelivery | { readonly type: "ping"; readonly run: number };

/** Text not yet taken by the kernel, in characters, above which the program has to wait. */
const MAX_BACKLOG = 4_000_000;

const { port1: port, port2: sidecarPort } = new MessageChannel();
const backlog = new Int32Array(new SharedArrayBuffer(4));
/** The number of the loop that works on local copies of slots, see CellContext. */
const loop = new Int32Array(new SharedArrayBuffer(4));
/** A way of its own for replies: the main thread can wait for one without taking out what else has come. */
const { port1: replies, port2: sidecarReplies } = new MessageChannel();
/** How many replies there have been. */
const replied = new Int32Array(new SharedArrayBuffer(4));

const sidecar = new Worker(new URL(`./sidecar${extname(import.meta.url)}`, import.meta.url), {
  workerData: { port: sidecarPort, backlog, loop, replies: sidecarReplies, replied },
  transferList: [sidecarPort, sidecarReplies],
  env: { ...process.env },
});
sidecar.unref();

/** The functions get the kernel's messages on the main thread, also those that have come before. */
export function openLink(
  receive: (message: ToMain) => void,
  receiveReply: (reply: InputReply) => void,
): void {
  port.on("message", receive);
  replies.on("message", receiveReply);
}

export function setLoop(number: number): void {
  Atomics.store(loop, 0, number);
}

export function send(message: FromUser): void {
  port.postMessage(message);
}

/** Sends output; waits while the kernel is behind, so that a program which prints for ever does not fill the memory. */
export function sendOutput(message: Output | CommMessage, size: number, transfer: ArrayBuffer[] = []): void {
  Atomics.add(backlog, 0, size);
  port.postMessage({ ...message, size }, transfer);
  for (;;) {
    const waiting = Atomics.load(backlog, 0);
    if (waiting <= MAX_BACKLOG) return;
    Atomics.wait(backlog, 0, waiting, 100);
  }
}

/** Blocks until the kernel has replied to something; an interrupt ends the waiting. */
export function nextReply(): InputReply {
  for (;;) {
    const seen = Atomics.load(replied, 0);
    const received = receiveMessageOnPort(replies) as { message: InputReply } | undefined;
    if (received !== undefined) return received.message;
    Atomics.wait(replied, 0, seen);
  }
}
