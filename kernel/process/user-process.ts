// The user's process as the kernel sees it: start, run, interrupt, revive.
import type { ChildProcess } from "node:child_process";
import { readlinkSync } from "node:fs";
import type { Readable } from "node:stream";
import type { RunnableCell } from "../cell/compile.ts";
import { ActiveRuns, type Outcome } from "./active-runs.ts";
import { lastOutput, pipe, signalGroup, startChild } from "./child.ts";
import { Interrupt } from "./interrupt.ts";
import { readJsonLines, writeJsonLine } from "./lines.ts";
import { Looks } from "./looks.ts";
import type {
  CommDelivery,
  FromUser,
  InputReply,
  InterruptRequest,
  Look,
  LookReply,
  LookRequest,
  LookStep,
  Output,
  RunRequest,
  ToUser,
  UserRequest,
} from "./protocol.ts";
import { Throttle } from "./throttle.ts";

export interface UserProcessListener {
  /** All output from before the request has been handed over. */
  requested(request: UserRequest): void;
  /** Gives the number of bytes that count for the limit of Jupyter's server. */
  output(output: Output): number;
  /** A new process takes over; no variable of earlier cells exists any more. */
  lost(): void;
  /** The process has ended while no cell was running, whose outcome would tell it. */
  vanished(reason: string): void;
  log(text: string): void;
}

/** What V8 and Node print when the process dies: for the log, not for the cell. */
const DYING = /<--- Last few GCs --->|FATAL ERROR:|^#\s+Fatal error|^\s*#\n# Fatal/m;
const OUT_OF_MEMORY = /heap out of memory|heap limit|Array buffer allocation failed/i;
/** What V8 prints when the stack overflows where it cannot throw; the cell gets its RangeError nevertheless. */
const NOT_FOR_THE_CELL = /^Exception in PromiseRejectCallback:/;

export class UserProcess {
  readonly #directory: string;
  readonly #listener: UserProcessListener;
  #child: ChildProcess | null = null;
  #throttle = new Throttle();
  readonly #looks = new Looks();
  #isReady = false;
  /** The process has ended, and what it had said before is being read. */
  #ending: Promise<void> = Promise.resolve();
  readonly #active = new ActiveRuns();
  /** The interrupt that is under way, and the last of the runs that it stops. */
  #interrupt: { readonly last: number; readonly steps: Interrupt } | null = null;
  #lastWords = "";
  #rawOutput = 0;
  /** Output of an interrupted run that the server would not have let through. */
  #leftOut = 0;
  #stopped = false;

  constructor(directory: string, listener: UserProcessListener) {
    this.#directory = directory;
    this.#listener = listener;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Where the cells have gone; the notebook's folder where the system does not tell. */
  get folder(): string {
    try {
      return readlinkSync(`/proc/${this.pid}/cwd`);
    } catch {
      return this.#directory;
    }
  }

  start(): void {
    const child = startChild(this.#directory);
    this.#child = child;
    const throttle = new Throttle();
    this.#throttle = throttle;
    for (const source of [pipe(child, 3), child.stdout, child.stderr]) throttle.add(source as Readable);
    this.#lastWords = "";
    this.#isReady = false;
    readJsonLines<FromUser>(
      pipe(child, 3),
      (message) => {
        if (this.#child === child) this.#trust(message);
      },
      (line) => this.#listener.log(`a line in the kernel's pipe that is no message: ${line.slice(0, 200)}`),
    );
    readJsonLines<LookReply>(pipe(child, 4), (reply) => this.#looks.answered(reply));
    for (const number of [3, 4]) pipe(child, number).on("error", () => {}); // its end is reported by "exit"
    this.#readRaw(child, "stdout");
    this.#readRaw(child, "stderr");
    child.once("error", (error) => {
      this.#ended(child, `it could not be started: ${error.message}`, this.#active.cell);
    });
    child.once("exit", (code, signal) => {
      if (this.#child !== child) return;
      this.#isReady = false;
      throttle.release();
      const cell = this.#active.cell;
      this.#ending = lastOutput(pipe(child, 3)).then(() =>
        this.#ended(child, this.#reasonOfDeath(code, signal), cell),
      );
    });
  }

  /** Runs a cell; one at a time. */
  run(run: number, cell: RunnableCell): Promise<Outcome> {
    return this.#begin({ type: "run", run, cell });
  }

  /** Hands a comm message over, also while a cell runs; its handler then runs as a cell does. */
  deliver(message: CommDelivery): Promise<Outcome> {
    return this.#begin(message);
  }

  /** Tells the cell what became of a question it asked. */
  answer(reply: InputReply): void {
    this.#write(3, reply);
  }

  /** Stops the cell and the handlers that are running: they end as "interrupted". Harmless if there are none. */
  interrupt(): void {
    const child = this.#child;
    const isReachable = this.#isReady && child !== null;
    for (const run of [...this.#active.waiting, ...(isReachable ? [] : this.#active.sent)]) {
      this.#settle(run, { status: "interrupted", restarted: false });
    }
    if (this.#interrupt !== null) {
      this.#interrupt.steps.again();
      return;
    }
    const last = this.#active.sent.at(-1);
    if (last === undefined || child === null) return;
    this.#throttle.release();
    const steps = new Interrupt({
      terminate: () => this.#write(4, { type: "interrupt", run: last }),
      signal: (signal) => signalGroup(child, signal),
      announce: (seconds) => this.#say(stillBusy(seconds)),
      restart: () => {
        this.#abandon(child);
        this.#settleAll({ status: "interrupted", restarted: true }, last);
      },
    });
    this.#interrupt = { last, steps };
  }

  /**
   * What a value is like, also while a cell runs; null if there is none or if the answer is late. Not while a cell is
   * being interrupted: the termination might end the look in place of the cell, and be lost.
   */
  async look(slot: string | null, steps: readonly LookStep[]): Promise<Look | null> {
    if (!this.#isReady || this.#interrupt !== null) return null;
    return this.#looks.ask((id) => this.#write(4, { type: "look", id, slot, steps }));
  }

  /** Gives the cells a new process. */
  restart(): void {
    const sent = this.#active.sent;
    if (this.#child !== null) this.#abandon(this.#child);
    for (const run of sent) this.#settle(run, { status: "died", reason: "it was replaced" });
  }

  /** Ends the process for good. */
  stop(): void {
    this.#stopped = true;
    if (this.#child !== null) signalGroup(this.#child, "SIGKILL");
  }

  /** A cell can write into the pipe, and must not bring the kernel down by it. */
  #trust(message: FromUser): void {
    try {
      this.#receive(message);
    } catch (error) {
      const { stack } = error as Error;
      this.#listener.log(`a message of the user process could not be handled: ${stack ?? error}`);
    }
  }

  #receive(message: FromUser): void {
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        this.#sendWaiting();
        break;
      case "end":
        this.#afterRawOutput(() => this.#settle(message.run, message.end));
        break;
      case "pong":
        this.#afterRawOutput(() => this.#settleAll({ status: "interrupted", restarted: false }, message.run));
        break;
      case "log":
        this.#listener.log(message.text);
        break;
      case "input":
        this.#afterRawOutput(() => this.#listener.requested(message));
        break;
      case "comm":
        this.#throttle.count(0); // Jupyter's server limits their number
        this.#listener.requested(message);
        break;
      case "comm_target":
        this.#listener.requested(message);
        break;
      default:
        this.#output(message);
    }
  }

  #output(output: Output): void {
    if (this.#interrupt !== null && this.#throttle.full) this.#leftOut++;
    else this.#throttle.count(this.#listener.output(output));
  }

  /** In the cell. */
  #say(text: string): void {
    this.#listener.output({ type: "stream", run: null, name: "stderr", text });
  }

  #begin(message: RunRequest | CommDelivery): Promise<Outcome> {
    const outcome = this.#active.add(message);
    if (this.#isReady) {
      this.#sendWaiting();
      return outcome;
    }
    void this.#ending.then(() => {
      if (this.#child === null && this.#active.has(message.run)) this.start();
    });
    return outcome;
  }

  /** What comes during an interrupt waits, so that the interrupt does not end it too. */
  #sendWaiting(): void {
    if (!this.#isReady || this.#interrupt !== null) return;
    for (const message of this.#active.takeWaiting()) this.#write(3, message);
  }

  #settle(run: number, outcome: Outcome): void {
    const settle = this.#active.remove(run);
    if (settle === undefined) return;
    const { oldest } = this.#active;
    const isInterrupted = this.#interrupt !== null && oldest !== undefined && oldest <= this.#interrupt.last;
    if (!isInterrupted) this.#finishInterrupt();
    settle(outcome);
  }

  /** Settles the runs up to this one. */
  #settleAll(outcome: Outcome, last: number): void {
    for (const run of this.#active.sent) if (run <= last) this.#settle(run, outcome);
  }

  /** Nothing is left of what an interrupt, if there was one, had to stop. */
  #finishInterrupt(): void {
    this.#interrupt?.steps.end();
    this.#interrupt = null;
    if (this.#leftOut > 0) this.#say(LEFT_OUT);
    this.#leftOut = 0;
    this.#throttle.reset();
    this.#sendWaiting();
  }

  #write(number: 3 | 4, message: ToUser | InterruptRequest | LookRequest): void {
    if (this.#child !== null) writeJsonLine(pipe(this.#child, number), message);
  }

  /** What goes to the file descriptors directly: child processes, native code. It belongs to the cell that runs now. */
  #readRaw(child: ChildProcess, name: "stdout" | "stderr"): void {
    const stream = child[name] as Readable;
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      this.#rawOutput++;
      if (name === "stderr" && (this.#lastWords !== "" || DYING.test(text))) {
        this.#lastWords += text;
        this.#listener.log(text);
      } else if (name === "stderr" && NOT_FOR_THE_CELL.test(text)) {
        this.#listener.log(text);
      } else {
        this.#output({ type: "stream", run: null, name, text });
      }
    });
  }

  /** Text that a cell's child process wrote before the cell ended may still be in another pipe. */
  #afterRawOutput(then: () => void, turns = 20): void {
    const before = this.#rawOutput;
    setImmediate(() => {
      if (this.#rawOutput === before || turns === 0) then();
      else this.#afterRawOutput(then, turns - 1);
    });
  }

  /** A new process takes the place of this one. */
  #abandon(child: ChildProcess): void {
    signalGroup(child, "SIGKILL");
    this.#child = null;
    this.start();
    this.#listener.lost();
  }

  /** `cell`: the run of the cell whose end this is. */
  #ended(child: ChildProcess, reason: string, cell: number | null): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (this.#stopped) return;
    signalGroup(child, "SIGKILL"); // what the cells had started
    this.#listener.log(`the user process ended: ${reason}`);
    this.#listener.lost();
    const dead = [...(cell === null ? [] : [cell]), ...this.#active.handlers];
    for (const run of dead) this.#settle(run, { status: "died", reason });
    if (cell === null)
      this.#listener.vanished(reason); // the next cell starts a new one: no loop of deaths and births
    else if (child.pid !== undefined) this.start();
  }

  #reasonOfDeath(code: number | null, signal: NodeJS.Signals | null): string {
    if (OUT_OF_MEMORY.test(this.#lastWords)) return "it ran out of memory";
    if (signal === null) return `it ended with exit code ${code}`;
    const hint = signal === "SIGKILL" ? ", which is also what the system does when memory runs out" : "";
    return `it was ended by ${signal}${hint}`;
  }
}

const LEFT_OUT = "The interrupted cell had printed more than could be shown: the rest is left out.\n";

function stillBusy(seconds: number): string {
  return (
    "The cell is in a call of native code, which cannot be interrupted. If the call does not end by itself, the process " +
    `is replaced in ${seconds} seconds, or at once if you interrupt again; then all variables are lost.\n`
  );
}
