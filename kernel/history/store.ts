// The thread that owns the history's database: whatever a disk, a lock or a network folder does, only this thread waits.
import { parentPort, workerData } from "node:worker_threads";
import type { HistoryDatabase } from "./database.ts";
import type { FromStore, Input, Output, Query, Row, ToStore } from "./protocol.ts";

/** SQLite's codes: a question it cannot answer, and a file that is locked. */
const ERROR = 1;
const BUSY = 5;

const port = parentPort as NonNullable<typeof parentPort>;
const path = workerData as string | null;
const send = (message: FromStore) => port.postMessage(message);

// That SQLite is new in some versions of Node is no news for a person.
process.removeAllListeners("warning");
const { HistoryDatabase: Database } = await import("./database.ts");

let database = open();
let inputs: Input[] = [];
let outputs: Output[] = [];

function open(): HistoryDatabase {
  try {
    return new Database(path);
  } catch (error) {
    return fallBack(error);
  }
}

function fallBack(error: unknown): HistoryDatabase {
  const reason = error instanceof Error ? error.message : String(error);
  send({ type: "log", text: `the history of this session is kept in memory only; ${path}: ${reason}` });
  return new Database(null);
}

/** What cannot be written because another program has locked the file waits for the next time. */
function write(): void {
  if (inputs.length + outputs.length === 0) return;
  try {
    database.add(inputs, outputs);
  } catch (error) {
    if (codeOf(error) === BUSY) return;
    database = fallBack(error);
    database.add(inputs, outputs);
  }
  inputs = [];
  outputs = [];
}

function find(query: Query): Row[] {
  try {
    return database.find(query);
  } catch (error) {
    if ([BUSY, ERROR].includes(codeOf(error))) return [];
    database = fallBack(error);
    return [];
  }
}

function codeOf(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) % 256; // the rest says more than is needed here
}

port.on("message", (message: ToStore) => {
  if (message.type === "add") {
    inputs.push(...message.inputs);
    outputs.push(...message.outputs);
    write();
  } else if (message.type === "find") {
    write();
    send({ type: "found", id: message.id, rows: find(message.query) });
  } else {
    write();
    database.close();
    send({ type: "closed" });
    port.close();
  }
});
