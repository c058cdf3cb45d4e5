// The kernel between the sockets and the user's process: what it knows, and how it receives, answers and publishes.
import { CellCompiler } from "../cell/compile.ts";
import { StackMapper } from "../cell/stack.ts";
import type { History } from "../history/history.ts";
import type { Language, Live } from "../language/language.ts";
import { MagicCell } from "../magics/cell.ts";
import type { KernelSide, TypecheckPolicy } from "../magics/magic.ts";
import type { Output, Shown, UserRequest } from "../process/protocol.ts";
import { UserProcess } from "../process/user-process.ts";
import type { Ports } from "../wire/connection.ts";
import { BadMessage, FrameCodec } from "../wire/frames.ts";
import { LimitedLog } from "../wire/limited-log.ts";
import { type Header, HeaderMaker, type Message } from "../wire/message.ts";
import type { Channel } from "../wire/sockets.ts";
import { commClose } from "./comm-close.ts";
import { commInfo } from "./comm-info.ts";
import { commMsg } from "./comm-msg.ts";
import { commOpen } from "./comm-open.ts";
import { Comms } from "./comms.ts";
import { complete } from "./complete.ts";
import { connect } from "./connect.ts";
import { lostError, plainError, thrownError } from "./errors.ts";
import { ExecutionQueue } from "./execute.ts";
import { BadRequest } from "./fields.ts";
import type { Handler, Reply, Request } from "./handler.ts";
import { history } from "./history.ts";
import { Questions } from "./input.ts";
import { inspect } from "./inspect.ts";
import { interrupt } from "./interrupt.ts";
import { isComplete } from "./is-complete.ts";
import { kernelInfo } from "./kernel-info.ts";
import { Runs } from "./runs.ts";
import { shutdown } from "./shutdown.ts";

export interface KernelOptions {
  readonly directory: string;
  /** Started already: of all parts it takes the longest. */
  readonly language: Language;
  /** The key that signs messages; empty for none. */
  readonly key: string;
  readonly ports: Ports;
  readonly history: History;
  send(channel: Channel | "iopub", frames: Uint8Array[]): void;
  log(text: string): void;
  /** Sends what is waiting and ends the kernel. */
  exit(): void;
}

/** execute_request is missing here: it goes through the queue of executions. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  kernel_info_request: kernelInfo,
  connect_request: connect,
  complete_request: complete,
  inspect_request: inspect,
  is_complete_request: isComplete,
  history_request: history,
  comm_info_request: commInfo,
  comm_open: commOpen,
  comm_msg: commMsg,
  comm_close: commClose,
  interrupt_request: interrupt,
  shutdown_request: shutdown,
};

export class Kernel implements KernelSide {
  readonly headers = new HeaderMaker();
  readonly ports: Ports;
  readonly history: History;
  readonly user: UserProcess;
  readonly language: Language;
  readonly executions: ExecutionQueue;
  readonly questions: Questions;
  readonly comms: Comms;
  readonly runs = new Runs();
  compiler: CellCompiler;
  stacks = new StackMapper();
  executionCount = 0;
  typecheck: TypecheckPolicy = "error";
  /** The values of the notebook, for questions about code. */
  readonly live: Live = {
    look: (name, steps) => {
      const slot = this.compiler.slot(name);
      if (slot !== undefined) return this.user.look(slot, steps);
      return this.user.look(null, [{ of: "global", key: name }, ...steps]);
    },
    folder: () => this.user.folder,
  };

  readonly #options: KernelOptions;
  readonly #codec: FrameCodec;
  readonly #faults: LimitedLog;
  /** When the work at a request began. */
  readonly #busySince = new WeakMap<Request, string>();

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#codec = new FrameCodec(options.key);
    this.#faults = new LimitedLog(options.log);
    this.ports = options.ports;
    this.history = options.history;
    this.user = new UserProcess(options.directory, {
      output: (output) => this.#publishOutput(output),
      requested: (request) => this.#requested(request),
      lost: () => this.#forget(),
      vanished: (reason) => {
        this.publish("error", lostError({ status: "died", reason }), this.runs.parent(null));
      },
      log: options.log,
    });
    this.language = options.language;
    this.compiler = this.#newCompiler();
    this.executions = new ExecutionQueue(this);
    this.questions = new Questions(this);
    this.comms = new Comms(this);
  }

  log(text: string): void {
    this.#options.log(text);
  }

  /** For what is wrong with messages that come in, of which there may be any number. */
  logFault(text: string): void {
    this.#faults.write(text);
  }

  /** Handles what came in on a socket; whatever is wrong with it is logged and the kernel goes on. */
  receive(channel: Channel, frames: readonly Uint8Array[]): void {
    let message: Message;
    try {
      message = this.#codec.unpack(frames);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.logFault(`dropped on ${channel}: ${error.message}`);
      return;
    }
    const request = { channel, message };
    const type = message.header.msg_type;
    if (type === "input_reply" && channel === "stdin") {
      this.questions.receive(message);
    } else if (type === "execute_request") {
      this.executions.add(request);
    } else if (Object.hasOwn(HANDLERS, type)) {
      void this.serve(request, HANDLERS[type] as Handler);
    } else {
      this.logFault(`dropped on ${channel}: a message of unknown type ${JSON.stringify(type)}`);
    }
  }

  /** Answers one request, between busy and idle. */
  async serve(request: Request, handler: Handler): Promise<void> {
    const { header } = request.message;
    this.#busySince.set(request, new Date().toISOString());
    this.#publishBusy(request);
    try {
      const reply = await handler(this, request);
      if (reply !== null) this.#reply(request, reply);
    } catch (error) {
      this.#replyError(request, error);
    }
    this.publish("status", { execution_state: "idle" }, header);
    // Front ends take the last status for that of the kernel, and a cell may still be running.
    const running = this.executions.current;
    if (running !== null && running !== request) this.#publishBusy(running);
  }

  /** Gives the size of the message in bytes. */
  publish(
    type: string,
    content: Message["content"],
    parent: Header | null,
    {
      metadata = {},
      buffers = [],
      date,
    }: Partial<Pick<Message, "metadata" | "buffers"> & { date: string }> = {},
  ): number {
    const made = this.headers.make(type);
    const header = date === undefined ? made : { ...made, date };
    const identities = [Buffer.from(type)];
    const message = { identities, header, parent, metadata, content, buffers };
    try {
      const frames = this.#codec.pack(message);
      this.#options.send("iopub", frames);
      return frames.reduce((size, frame) => size + frame.length, 0);
    } catch (error) {
      this.log(`a ${type} message could not be written: ${error}`); // too deeply nested for JSON, or too long
      return 0;
    }
  }

  /** Asks the client that sent a request, on another socket; gives the header that its reply will name. */
  ask(request: Request, type: string, content: Message["content"]): Header {
    const { identities, header: parent } = request.message;
    const header = this.headers.make(type);
    this.#options.send(
      "stdin",
      this.#codec.pack({ identities, header, parent, metadata: {}, content, buffers: [] }),
    );
    return header;
  }

  /** Greets a client that has just subscribed: from now on it misses nothing. What it has missed is the status. */
  welcome(topic: Uint8Array): void {
    const header = this.headers.make("iopub_welcome");
    const content = { subscription: Buffer.from(topic).toString() };
    const message = { identities: [topic], header, parent: null, metadata: {}, content, buffers: [] };
    this.#options.send("iopub", this.#codec.pack(message));
    const running = this.executions.current;
    if (running === null) this.publish("status", { execution_state: "idle" }, null);
    else this.#publishBusy(running);
  }

  /** A cell with its magics taken apart. */
  readMagics(code: string): MagicCell {
    return new MagicCell(code, (name) => this.compiler.isKnown(name));
  }

  restartUser(): void {
    this.user.restart();
  }

  /** Ends the kernel once the reply at hand has been sent. */
  exitSoon(): void {
    setImmediate(() => this.#options.exit());
  }

  /** However often it is told, with the date of the first time: JupyterLab notes it as the cell's start. */
  #publishBusy(request: Request): void {
    const { header } = request.message;
    this.publish("status", { execution_state: "busy" }, header, { date: this.#busySince.get(request) });
  }

  #reply(request: Request, { content, metadata = {} }: Reply): void {
    const { identities, header: parent } = request.message;
    const header = this.headers.make(parent.msg_type.replace("_request", "_reply"));
    const message = { identities, header, parent, metadata, content, buffers: [] };
    this.#options.send(request.channel, this.#codec.pack(message));
  }

  /** What the user's code asks of the kernel. */
  #requested(request: UserRequest): void {
    switch (request.type) {
      case "input":
        this.questions.ask(request);
        break;
      case "comm":
        this.comms.publish(request);
        break;
      case "comm_target":
        this.comms.register(request);
    }
  }

  #replyError(request: Request, error: unknown): void {
    const isBad = error instanceof BadRequest;
    const { ename, evalue, traceback } = isBad
      ? plainError(error.name, error.message)
      : plainError("KernelError", String(error));
    const told = error instanceof Error && !isBad ? error.stack : evalue;
    this.logFault(`${request.message.header.msg_type} failed: ${told}`);
    if (request.message.header.msg_type.endsWith("_request"))
      this.#reply(request, { content: { status: "error", ename, evalue, traceback } });
  }

  /** Gives the number of bytes that count for the limit of Jupyter's server: those of text. */
  #publishOutput(output: Output): number {
    const parent = this.runs.parent(output.run);
    if (output.type === "stream") {
      return this.publish("stream", { name: output.name, text: this.stacks.mapPrinted(output.text) }, parent);
    }
    if (output.type === "display") {
      const { message, content } = output;
      this.publish(message, this.mapPrinted(content), parent);
    } else {
      this.publish("error", thrownError(output.error, this.stacks), parent);
    }
    return 0;
  }

  /** A shown value, with the stacks of errors in its text leading to the cells. */
  mapPrinted<Content extends Partial<Shown>>(shown: Content): Content {
    const text = shown.data?.["text/plain"];
    if (typeof text !== "string") return shown;
    return { ...shown, data: { ...shown.data, "text/plain": this.stacks.mapPrinted(text) } };
  }

  #newCompiler(): CellCompiler {
    return new CellCompiler(async () => {
      const { legacyDecorators = false, definesFields = true } = (await this.language.config) ?? {};
      return { legacyDecorators, definesFields };
    });
  }

  /** The user's process is a new one, without any of the names of earlier cells. */
  #forget(): void {
    this.compiler = this.#newCompiler();
    this.stacks = new StackMapper();
    this.comms.forget();
    this.language.forget();
  }
}
