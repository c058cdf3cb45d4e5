// The main thread's end of the line to the kernel: messages go through the sidecar thread, which owns the pipes.
import { extname } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { FromUser, Output, RunRequest } from "../process/protocol.ts";

/** What the sidecar tells the main thread: a cell to run, or whether it is free again after an interrupt. */
export type ToMain = RunRequest | { readonly type: "ping"; readonly run: number };

/** Text not yet taken by the kernel, in characters, above which the program has to wait. */
const MAX_BACKLOG = 4_000_000;

const { port1: port, port2: sidecarPort } = new MessageChannel();
const backlog = new Int32Array(new SharedArrayBuffer(4));

/** Starts the sidecar; `receive` gets the kernel's messages on the main thread. */
export function openLink(receive: (message: ToMain) => void): void {
  const sidecar = new Worker(new URL(`./sidecar${extname(import.meta.url)}`, import.meta.url), {
    workerData: { port: sidecarPort, backlog },
    transferList: [sidecarPort],
    env: { ...process.env },
  });
  sidecar.unref();
  port.on("message", receive);
}

export function send(message: FromUser): void {
  port.postMessage(message);
}

/** Sends output; waits while the kernel is behind, so that a program which prints for ever does not fill the memory. */
export function sendOutput(message: Output, size: number): void {
  Atomics.add(backlog, 0, size);
  port.postMessage({ ...message, size });
  for (;;) {
    const waiting = Atomics.load(backlog, 0);
    if (waiting <= MAX_BACKLOG) return;
    Atomics.wait(backlog, 0, waiting, 100);
  }
}
