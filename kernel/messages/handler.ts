// What a handler of a message type is given, and what it gives back.
import type { Message } from "../wire/message.ts";
import type { Channel } from "../wire/sockets.ts";
import type { Kernel } from "./kernel.ts";

export interface Request {
  readonly channel: Channel;
  readonly message: Message;
}

export interface Reply {
  readonly content: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Gives the reply, or null for messages that have none. */
export type Handler = (kernel: Kernel, request: Request) => Reply | null | Promise<Reply | null>;
