// Comms: channels between a front end and the code of the cells, over which both sides send messages with data of their
// own. https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
import type { CommMessage, CommMessageType, CommTarget } from "../process/protocol.ts";
import { lostError, thrownError } from "./errors.ts";
import { objectField, textField } from "./fields.ts";
import type { Request } from "./handler.ts";
import type { Kernel } from "./kernel.ts";

export class Comms {
  readonly #kernel: Kernel;
  /** The targets that front ends can open. */
  readonly #targets = new Set<string>();
  /** The open ones: their ids and targets. */
  readonly #open = new Map<string, string>();
  /** Those that a front end is opening. */
  readonly #opening = new Map<string, Promise<boolean>>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The open comms, or those of one target, as comm_info_reply lists them. */
  info(target: string | null): Record<string, { target_name: string }> {
    const listed = [...this.#open].filter(([, name]) => target === null || name === target);
    return Object.fromEntries(listed.map(([id, target_name]) => [id, { target_name }]));
  }

  /** A front end opens a comm; nobody may be there to take it. */
  async open(request: Request): Promise<void> {
    const id = textField(request, "comm_id");
    const target = textField(request, "target_name");
    const opened = this.#isRegistered(target);
    this.#opening.set(id, opened);
    const isRegistered = await opened;
    this.#opening.delete(id);
    if (isRegistered) {
      this.#open.set(id, target);
      await this.#deliver("comm_open", id, request);
      return;
    }
    this.#kernel.logFault(`no cell has registered the comm target ${JSON.stringify(target)}`);
    this.#kernel.publish("comm_close", { comm_id: id, data: {} }, request.message.header);
  }

  /** A front end sends a message to a comm, or closes it. */
  async receive(type: "comm_msg" | "comm_close", request: Request): Promise<void> {
    const id = textField(request, "comm_id");
    await this.#opening.get(id);
    if (!this.#open.has(id)) {
      this.#kernel.logFault(`dropped: a ${type} to a comm that is not open`);
      return;
    }
    const delivered = this.#deliver(type, id, request);
    if (type === "comm_close") this.#open.delete(id);
    await delivered;
  }

  /** The code of the cells opens a comm, sends a message, or closes it. */
  publish({ message: type, id, target, data, metadata, buffers, run }: CommMessage): void {
    if (type === "comm_open") this.#open.set(id, target);
    else if (!this.#open.has(id)) return; // a front end has closed it in the meantime
    if (type === "comm_close") this.#open.delete(id);
    const content = { comm_id: id, ...(type === "comm_open" && { target_name: target }), data };
    this.#kernel.publish(type, content, this.#kernel.runs.parent(run), { metadata, buffers });
  }

  register({ target, registered }: CommTarget): void {
    if (registered) this.#targets.add(target);
    else this.#targets.delete(target);
  }

  /** The process with the other ends is gone. */
  forget(): void {
    this.#targets.clear();
    for (const id of this.#open.keys()) {
      this.#kernel.publish("comm_close", { comm_id: id, data: {} }, this.#kernel.runs.parent(null));
    }
    this.#open.clear();
  }

  /** The cell that registers the target may be among those that were sent before the front end opened the comm. */
  async #isRegistered(target: string): Promise<boolean> {
    if (!this.#targets.has(target)) await this.#kernel.executions.finished;
    return this.#targets.has(target);
  }

  /** Hands a message to the code of the cells; resolves when its handler has finished. */
  async #deliver(type: CommMessageType, id: string, request: Request): Promise<void> {
    const kernel = this.#kernel;
    const { header, metadata, buffers } = request.message;
    const outcome = await kernel.user.deliver({
      type: "comm",
      run: kernel.runs.ofHandler(header),
      message: type,
      id,
      target: this.#open.get(id) as string,
      data: objectField(request, "data"),
      metadata,
      buffers,
    });
    if (outcome.status === "error") {
      kernel.publish("error", thrownError(outcome.error, kernel.stacks), header);
    } else if (outcome.status === "interrupted") {
      kernel.publish("error", lostError(outcome), header);
    }
  }
}
