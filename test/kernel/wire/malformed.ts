// Messages that are wrong in every way that one could think of, the same ones for the same seed.
import { createHmac } from "node:crypto";

/** Numbers from 0 to 1 (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DELIMITER = "<IDS|MSG>";

/** Without shutdown_request and interrupt_request: nothing is wrong with one that is signed. */
const TYPES = [
  ...["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request"],
  ...["kernel_info_request", "connect_request", "comm_info_request", "comm_open", "comm_msg", "comm_close"],
  ...["input_reply", "debug_request", "create_subshell_request", "nonsense"],
  ...["constructor", "__proto__", "toString", "", "\u0000", "x".repeat(5000)],
];

/** JSON of values that a field should not have. None is a text: that could be a cell that does something. */
const VALUES = [
  ...["null", "true", "-1", "0.5", "1e999", "-1e308", "[]", "{}", "[[]]", '{"a":{"b":{}}}', '[1,"2",null]'],
  ...['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  "[".repeat(3000) + "]".repeat(3000),
  `${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`,
];

const FIELDS = [
  ...["code", "cursor_pos", "detail_level", "silent", "store_history", "user_expressions", "stop_on_error"],
  ...["allow_stdin", "hist_access_type", "n", "session", "start", "stop", "pattern", "unique", "output"],
  ...["comm_id", "target_name", "data", "value", "restart", "__proto__", "constructor", "toString"],
];

export class Malformed {
  readonly #random: () => number;
  readonly #key: string;
  readonly #earlier: Buffer[][] = [];
  #count = 0;

  constructor(seed: number, key: string) {
    this.#random = randomNumbers(seed);
    this.#key = key;
  }

  /** Frames for a socket of requests. */
  message(): Buffer[] {
    const kind = this.#random();
    if (kind < 0.1) return this.#noise();
    if (kind < 0.2) return this.#mutilated();
    if (kind < 0.3) return this.#cutShort();
    if (kind < 0.55) return this.#wronglySigned();
    if (kind < 0.7) return this.#replayed();
    if (kind < 0.85) return this.#signed(...this.#brokenParts());
    return this.#hostile();
  }

  /** Frames of nothing in particular, as for the heartbeat. */
  noise(): Buffer[] {
    return this.#noise();
  }

  /** What a subscriber sends: subscriptions, ends of subscriptions that there never were, and anything else. */
  subscription(): Buffer {
    return Buffer.concat([Buffer.from([this.#below(4)]), this.#bytes(this.#below(30))]);
  }

  #noise(): Buffer[] {
    const size = this.#below(100) === 0 ? 50_000 : 40;
    return Array.from({ length: 1 + this.#below(9) }, () => this.#bytes(this.#below(size)));
  }

  #mutilated(): Buffer[] {
    const frames = this.#hostile();
    const frame = frames[this.#below(frames.length)] as Buffer;
    for (let i = 0; i <= this.#below(4); i++) {
      if (frame.length > 0) frame[this.#below(frame.length)] = this.#below(256);
    }
    return frames;
  }

  #cutShort(): Buffer[] {
    const frames = this.#hostile();
    return this.#below(2) === 0 ? frames.slice(0, this.#below(6)) : frames.slice(1 + this.#below(6));
  }

  #wronglySigned(): Buffer[] {
    const frames = this.#hostile();
    const signatures = ["", "0".repeat(64), "x", this.#bytes(64), "é".repeat(32), "0".repeat(10_000)];
    frames[1] = Buffer.from(this.#pick(signatures) as string);
    return frames;
  }

  #replayed(): Buffer[] {
    if (this.#earlier.length < 100) {
      const frames = this.#hostile();
      this.#earlier.push(frames);
      return frames;
    }
    return this.#pick(this.#earlier);
  }

  #hostile(): Buffer[] {
    const content = Array.from(
      { length: this.#below(4) },
      () => `"${this.#pick(FIELDS)}":${this.#pick(VALUES)}`,
    );
    return this.#signed(this.#header(), "{}", "{}", `{${content.join()}}`);
  }

  #brokenParts(): (string | Buffer)[] {
    const parts: (string | Buffer)[] = [this.#header(), "{}", "{}", "{}"];
    const broken = [
      ...['{"msg_id":1,"msg_type":"t"}', '{"msg_id":"1"}', "", "{", "nul", '{"a":1}}', "{'a':1}", '{"a":01}'],
      ...VALUES,
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      this.#bytes(30),
      `{"x":"${"y".repeat(this.#below(10) === 0 ? 300_000 : 300)}"}`,
      `{"msg_id":"1","msg_type":"kernel_info_request","extra":${this.#pick(VALUES)}}`,
    ];
    parts[this.#below(4)] = this.#pick(broken);
    return parts;
  }

  #header(): string {
    this.#count++;
    const fields = {
      msg_id: `m${this.#count}`,
      msg_type: this.#pick(TYPES),
      date: "yesterday",
      version: "99",
    };
    return JSON.stringify(fields);
  }

  #signed(...parts: (string | Buffer)[]): Buffer[] {
    const hmac = createHmac("sha256", this.#key);
    for (const part of parts) hmac.update(part);
    return [DELIMITER, hmac.digest("hex"), ...parts].map((part) => Buffer.from(part as string));
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)] as Item;
  }

  #bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.#below(256)));
  }
}
