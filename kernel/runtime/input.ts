// Questions to the person at the front end: `await input(…)`, and `prompt`, `confirm`, `alert`, which block as on the web.
import type { Answer, InputReply } from "../process/protocol.ts";
import { nextReply, send } from "./link.ts";
import { currentRun, type Run, writingRun } from "./run.ts";

/** Nobody is there to answer; the name is that of the Python kernel's error, which graders and runners know. */
class StdinNotImplementedError extends Error {
  override readonly name = "StdinNotImplementedError";
}

/** The input was ended instead of answered. */
class EOFError extends Error {
  override readonly name = "EOFError";
}

interface OpenQuestion {
  readonly run: Run | undefined;
  settle(answer: Answer): void;
}

/** Those of `input`; the blocking ones wait for their reply themselves. */
const open = new Map<number, OpenQuestion>();
let lastId = 0;

async function input(prompt: unknown = "", options: { password?: boolean } = {}): Promise<string> {
  const id = sendQuestion(String(prompt), options?.password === true);
  const run = currentRun.getStore();
  const answer = await new Promise<Answer>((settle) => open.set(id, { run, settle }));
  const value = textOf(answer, "input");
  if (value === null) throw new EOFError("The input was ended without an answer.");
  return value;
}

function prompt(message: unknown = "", defaultValue?: unknown): string | null {
  const hint = defaultValue === undefined ? "" : ` [${defaultValue}]`;
  const value = askBlocking(`${message}${hint}`, "prompt");
  return value === "" && defaultValue !== undefined ? String(defaultValue) : value;
}

function confirm(message: unknown = ""): boolean {
  const value = askBlocking(`${message} [y/N]`, "confirm");
  return value !== null && /^\s*y(es)?\s*$/i.test(value);
}

function alert(message: unknown = ""): void {
  askBlocking(`${message} [Enter]`, "alert");
}

export function installInput(): void {
  for (const value of [input, prompt, confirm, alert]) {
    Object.defineProperty(globalThis, value.name, { value, configurable: true, writable: true });
  }
}

/** Takes the kernel's reply to a question. What an interrupted cell has asked stays without an answer. */
export function settleQuestion({ id, answer }: InputReply): void {
  const question = open.get(id);
  open.delete(id);
  if (question !== undefined && !question.run?.stopped) question.settle(answer);
}

function askBlocking(message: string, name: string): string | null {
  const id = sendQuestion(`${message.trimStart()} `, false);
  for (;;) {
    const reply = nextReply();
    if (reply.id === id) return textOf(reply.answer, name);
    settleQuestion(reply);
  }
}

function sendQuestion(prompt: string, password: boolean): number {
  lastId++;
  send({ type: "input", run: writingRun(), id: lastId, prompt, password });
  return lastId;
}

/** Null: the input was ended. */
function textOf(answer: Answer, name: string): string | null {
  if (answer.status === "ok") return answer.value;
  if (answer.status === "end") return null;
  throw new StdinNotImplementedError(`${name}() got no answer: ${answer.reason}.`);
}
