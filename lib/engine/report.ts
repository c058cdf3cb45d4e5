// What the engine says of itself: on which path it runs and why, how fast, and with how much memory; as text and as a table.
import { escapeMarkup } from "../plot/bundle.ts";
import type { EngineInfo, WidthReason } from "./core.ts";
import { inWords } from "./memory.ts";

const reasons: Record<WidthReason, string> = {
  "asked for": "as LECTERN_SIMD asks",
  faster: "faster than 128 in the self-check",
  unsure: "the self-check found no difference in time",
  slower: "256 were not faster in the self-check",
  wrong: "256 gave other results in the self-check",
  refused: "V8 refused its flag for 256",
  absent: "V8 has 256 only on x64, and not in browsers",
};

/** What `engine.info()` gives: shown as a table, and the numbers in it. */
export class EngineReport {
  /** Bits of the vectors that the matrix kernels compute with. */
  readonly vectorBits: 256 | 128;
  readonly vectorReason: string;
  /** Threads that take part now, the calling one included. */
  readonly threads: number;
  /** Threads that will take part when all have started. */
  readonly threadsWanted: number;
  readonly threadsReason: string;
  /** Whether the memory can be shared between threads. */
  readonly sharedMemory: boolean;
  /** Billions of multiplications and additions a second in products of 512 × 512 matrices. */
  readonly gigaflops: number;
  /** Bytes of all tensors, and what the engine needs besides. */
  readonly bytesInUse: number;
  readonly peakBytes: number;
  /** Bytes the memory has grown to, and may grow to. */
  readonly reservedBytes: number;
  readonly limitBytes: number;

  constructor(info: EngineInfo, gigaflops: number) {
    this.vectorBits = info.simd;
    this.vectorReason = reasons[info.simdReason];
    this.threads = info.threads;
    this.threadsWanted = info.threadsWanted;
    this.threadsReason = info.threadsReason;
    this.sharedMemory = info.shared;
    this.gigaflops = gigaflops;
    this.bytesInUse = info.bytesInUse;
    this.peakBytes = info.peakBytes;
    this.reservedBytes = info.reservedBytes;
    this.limitBytes = info.limitBytes;
  }

  toString(): string {
    const rows = this.#rows();
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  [Symbol.for("Jupyter.display")](): Record<string, unknown> {
    const style = ' style="text-align: left"';
    const body = this.#rows().map(
      ([name, text]) => `<tr><th${style}>${name}</th><td${style}>${escapeMarkup(text)}</td></tr>`,
    );
    const html = `<table><caption>Compute engine</caption><tbody>${body.join("")}</tbody></table>`;
    return { "text/html": html, "text/plain": this.toString() };
  }

  #rows(): [name: string, text: string][] {
    const starting =
      this.threads < this.threadsWanted ? ` of ${this.threadsWanted}, the others are starting` : "";
    return [
      ["vectors", `${this.vectorBits} bits: ${this.vectorReason}`],
      ["threads", `${this.threads}${starting}: ${this.threadsReason}`],
      ["speed", `${this.gigaflops.toPrecision(3)} GFLOP/s in products of 512 × 512 matrices`],
      ["memory", `${inWords(this.bytesInUse)} in use, ${inWords(this.peakBytes)} at most so far`],
      [
        "reserved",
        `${inWords(this.reservedBytes)} of ${inWords(this.limitBytes)}, ${this.sharedMemory ? "" : "not "}shared`,
      ],
    ];
  }
}
