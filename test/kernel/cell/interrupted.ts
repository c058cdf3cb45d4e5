// A program for interrupt.test.ts: runs a cell, ends it from another thread, and prints the value of a second cell.
// Not part of the test's process: ending code there would end the test runner's own too.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Evaluator } from "./evaluator.ts";

const [source = "", look = ""] = process.argv.slice(2);

const stopper = new URL("../../../kernel/runtime/loop-stopper.ts", import.meta.url).href;
const sidecar = new Worker(
  `const { parentPort } = require("node:worker_threads");
   const session = new (require("node:inspector").Session)();
   session.connectToMainThread();
   const ended = () => parentPort.postMessage("ended");
   const terminate = () => session.post("Runtime.terminateExecution", ended);
   import(${JSON.stringify(stopper)}).then(({ LoopStopper }) => {
     const loops = new LoopStopper(() => {});
     parentPort.on("message", ({ loop, saves }) => setTimeout(() => {
       const save = saves[loop[0] - 1];
       if (save) loops.stop(save, (stopped) => (stopped ? ended() : terminate()));
       else terminate();
     }, 150));
     parentPort.postMessage("ready");
   });`,
  { eval: true },
);
await once(sidecar, "message");

const loop = new Int32Array(new SharedArrayBuffer(4));
const evaluator = new Evaluator(undefined, (number) => Atomics.store(loop, 0, number));
const cell = await evaluator.compile(source, "Cell [1]");
const body = await evaluator.prepare(cell);
const ended = once(sidecar, "message");
sidecar.postMessage({ loop, saves: cell.runnable.loops });
setImmediate(body);
await ended;
await sleep(20);

const second = await evaluator.prepare(await evaluator.compile(look, "Cell [2]"));
console.log(JSON.stringify(await second()));
process.exit();
