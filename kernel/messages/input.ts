// input_request and input_reply: https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel
import type { Answer, InputRequest } from "../process/protocol.ts";
import type { Message } from "../wire/message.ts";
import type { Kernel } from "./kernel.ts";

/** What consoles send when the person ends the input (Ctrl-D). */
const END_OF_INPUT = "\x04";

const NOT_RUNNING = "its cell is not running any more";
const NOT_ALLOWED = "the program that runs this cell takes no questions (allow_stdin is false)";

/** The questions of the running cell: one is with the front end, the others wait for their turn. */
export class Questions {
  readonly #kernel: Kernel;
  readonly #waiting: InputRequest[] = [];
  #asked: {
    readonly id: number;
    readonly messageId: string;
    readonly client: Uint8Array | undefined;
  } | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  ask(question: InputRequest): void {
    const { running } = this.#kernel.executions;
    if (running === null || (question.run ?? running.run) !== running.run) {
      this.#answer(question.id, { status: "refused", reason: NOT_RUNNING });
    } else if (running.request.message.content.allow_stdin !== true) {
      this.#answer(question.id, { status: "refused", reason: NOT_ALLOWED });
    } else {
      this.#waiting.push(question);
      this.#askNext();
    }
  }

  /** Takes an input_reply; one to an earlier question, whose cell was interrupted, is dropped. */
  receive({ parent, identities, content }: Message): void {
    const asked = this.#asked;
    const [client] = identities;
    // Not every client names the question that it answers: then it has to be the client that was asked.
    const isAnswer =
      asked !== null &&
      (parent === null
        ? asked.client !== undefined && client !== undefined && Buffer.compare(asked.client, client) === 0
        : parent.msg_id === asked.messageId);
    if (!isAnswer) {
      this.#kernel.logFault("dropped on stdin: an answer to a question that is not open");
      return;
    }
    this.#asked = null;
    const { value } = content;
    if (typeof value !== "string") this.#kernel.logFault('an input_reply has no text "value"');
    const isEnd = typeof value !== "string" || value === END_OF_INPUT;
    this.#answer(asked.id, isEnd ? { status: "end" } : { status: "ok", value });
    this.#askNext();
  }

  /** The cell has ended. */
  cancel(): void {
    const open = this.#waiting.splice(0).map(({ id }) => id);
    if (this.#asked !== null) open.unshift(this.#asked.id);
    this.#asked = null;
    for (const id of open) this.#answer(id, { status: "refused", reason: NOT_RUNNING });
  }

  #askNext(): void {
    const { running } = this.#kernel.executions;
    if (this.#asked !== null || running === null) return;
    const question = this.#waiting.shift();
    if (question === undefined) return;
    const { id, prompt, password } = question;
    const { msg_id } = this.#kernel.ask(running.request, "input_request", { prompt, password });
    this.#asked = { id, messageId: msg_id, client: running.request.message.identities[0] };
  }

  #answer(id: number, answer: Answer): void {
    this.#kernel.user.answer({ type: "input_reply", id, answer });
  }
}
