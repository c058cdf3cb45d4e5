// A Jupyter message: https://jupyter-client.readthedocs.io/en/stable/messaging.html#general-message-format
import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";

/** The version of the protocol that the kernel speaks. */
export const PROTOCOL_VERSION = "5.5";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export interface Message {
  /** Who sent it, or who is to get it; the topic of a published message. */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: Header | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

/** Makes the headers of one session; the kernel has its own, so that a client can tell that it was restarted. */
export class HeaderMaker {
  readonly session = randomUUID();
  readonly #username = nameOfUser();
  #count = 0;

  make(type: string): Header {
    this.#count++;
    return {
      msg_id: `${this.session}_${this.#count}`,
      session: this.session,
      username: this.#username,
      date: new Date().toISOString(),
      msg_type: type,
      version: PROTOCOL_VERSION,
    };
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "kernel"; // a user id without an entry, as in some containers
  }
}
