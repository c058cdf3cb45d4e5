// Messages ↔ the frames of a multipart ZeroMQ message, signed with HMAC-SHA256.
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Header, Message } from "./message.ts";
import { SeenSignatures } from "./seen.ts";

const DELIMITER = Buffer.from("<IDS|MSG>");
const NO_SIGNATURE = Buffer.alloc(0);
/** In bytes. The header goes back with every message that is about the request. */
const LARGEST_HEADER = 65_536;

/** A message that is not answered: it is not ours to trust, or not a message at all. */
export class BadMessage extends Error {
  override readonly name = "BadMessage";
}

/** Packs and unpacks the messages of one connection; an empty key means that messages are not signed. */
export class FrameCodec {
  /** Null: messages are not signed. */
  readonly #key: KeyObject | null;
  readonly #seen = new SeenSignatures();

  constructor(key: string) {
    this.#key = key === "" ? null : createSecretKey(Buffer.from(key));
  }

  pack(message: Message): Uint8Array[] {
    const parts = [message.header, message.parent ?? {}, message.metadata, message.content].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    return [...message.identities, DELIMITER, this.#sign(parts), ...parts, ...message.buffers];
  }

  /** Throws BadMessage. Nothing is parsed before the signature is known to be right. */
  unpack(frames: readonly Uint8Array[]): Message {
    const delimiter = frames.findIndex((frame) => DELIMITER.equals(frame));
    if (delimiter < 0) throw new BadMessage("a message without the <IDS|MSG> delimiter");
    const signature = frames[delimiter + 1];
    const parts = frames.slice(delimiter + 2, delimiter + 6);
    if (signature === undefined || parts.length < 4) throw new BadMessage("a message with too few frames");
    this.#checkSignature(signature, parts);
    if ((parts[0]?.length ?? 0) > LARGEST_HEADER) throw new BadMessage("a message with too large a header");

    const [header, parent, metadata, content] = parts.map(parseObject) as [Header, Header, object, object];
    checkHeader(header);
    return {
      identities: frames.slice(0, delimiter),
      header,
      parent: Object.keys(parent).length > 0 ? parent : null,
      metadata: metadata as Message["metadata"],
      content: content as Message["content"],
      buffers: frames.slice(delimiter + 6),
    };
  }

  #sign(parts: readonly Uint8Array[]): Buffer {
    if (this.#key === null) return NO_SIGNATURE;
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return Buffer.from(hmac.digest("hex"));
  }

  #checkSignature(signature: Uint8Array, parts: readonly Uint8Array[]): void {
    if (this.#key === null) return;
    const expected = this.#sign(parts);
    if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) {
      throw new BadMessage("a message with a wrong signature");
    }
    if (!this.#seen.add(expected.toString("latin1"))) {
      throw new BadMessage("a message that has come in before, with the same signature");
    }
  }
}

function checkHeader(header: Header): void {
  if (typeof header.msg_type !== "string" || typeof header.msg_id !== "string") {
    throw new BadMessage("a message whose header has no msg_type or msg_id");
  }
  // What is nested without end could be parsed but not written again.
  if (Object.values(header).some((value) => typeof value === "object" && value !== null)) {
    throw new BadMessage("a message whose header has objects in it");
  }
}

function parseObject(frame: Uint8Array): object {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString("utf8"));
  } catch {
    throw new BadMessage("a message with a frame that is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadMessage("a message with a frame that is not a JSON object");
  }
  return value;
}
