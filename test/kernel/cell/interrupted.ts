// A program for interrupt.test.ts: runs a cell, ends it from another thread, and prints the value of a second cell.
// Not part of the test's process: ending code there would end the test runner's own too.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Evaluator } from "./evaluator.ts";

const [source = "", look = ""] = process.argv.slice(2);

const sidecar = new Worker(
  `const { parentPort } = require("node:worker_threads");
   const session = new (require("node:inspector").Session)();
   session.connectToMainThread();
   parentPort.on("message", () => setTimeout(() =>
     session.post("Runtime.terminateExecution", () => parentPort.postMessage("ended")), 150));
   parentPort.postMessage("ready");`,
  { eval: true },
);
await once(sidecar, "message");

const evaluator = new Evaluator();
const body = await evaluator.prepare(await evaluator.compile(source, "Cell [1]"));
const ended = once(sidecar, "message");
sidecar.postMessage("end");
setImmediate(body);
await ended;
await sleep(20);
evaluator.saveLoop();

const second = await evaluator.prepare(await evaluator.compile(look, "Cell [2]"));
console.log(JSON.stringify(await second()));
process.exit();
