// A training as it goes on: bar, time left, numbers and a growing curve, updated in place; and a bar for loops of one's own.
import { base64, escapeMarkup, type MimeBundle } from "./bundle.ts";
import { type SmallCurve, type SmallPanel, smallCurves } from "./curves.ts";
import { readMeasures, words } from "./history.ts";
import { LiveOutput, textBar, timeLeft } from "./live.ts";
import { alignedNumbers, shortNumber } from "./number.ts";
import { describe } from "./values.ts";

/** Named numbers of a batch or an epoch. */
export type ProgressLogs = { readonly [name: string]: number };

/** Where a training stands. Epochs and batches are counted from 1. */
export interface ProgressStep {
  readonly epoch: number;
  readonly batch: number;
  /** The numbers so far, or a function that finds them: it is called only when they are drawn. */
  readonly logs: ProgressLogs | (() => ProgressLogs);
}

const MOST_PANELS = 2;
/** So many points of the running loss are kept; beyond, every other one is dropped. */
const MOST_TRACE_POINTS = 240;

/**
 * The live view of a training. In a notebook it draws itself at most ten times a second; elsewhere it prints a line per
 * epoch. What remains at the end depends on the numbers alone, not on the time it took.
 */
export class TrainingProgress {
  readonly #epochs: number;
  readonly #batches: number;
  readonly #output = new LiveOutput();
  readonly #history: Record<string, number[]> = {};
  readonly #startedAt = performance.now();
  #epoch = 1;
  #batch = 0;
  #finishedEpochs = 0;
  #logs: ProgressLogs = {};
  #trace: [number, number][] = [];

  /** @param total epochs of the training, and batches of an epoch */
  constructor({ epochs, batches }: { epochs: number; batches: number }) {
    this.#epochs = epochs;
    this.#batches = batches;
    this.#output.draw(this.#liveBundle());
  }

  /** After a batch. */
  update({ epoch, batch, logs }: ProgressStep): void {
    this.#epoch = epoch;
    this.#batch = batch;
    this.#output.refresh(() => {
      this.#logs = typeof logs === "function" ? logs() : logs;
      this.#traceLoss();
      return this.#liveBundle();
    });
  }

  /** After an epoch, with its numbers, those of validation included. */
  epochEnd(logs: ProgressLogs): void {
    for (const [name, value] of Object.entries(logs)) {
      this.#history[name] ??= [];
      this.#history[name].push(value);
    }
    this.#logs = logs;
    this.#finishedEpochs++;
    this.#batch = this.#batches;
    if (this.#output.isLive) this.#output.refresh(() => this.#liveBundle());
    else console.log(`Epoch ${this.#finishedEpochs}/${this.#epochs}: ${logsText(logs)}`);
  }

  /** At the end, also when it came early. */
  done(): void {
    this.#output.draw(this.#finalBundle(`${this.#epochCount()} · ${this.#batches} batches each`));
  }

  /** When an error ended the training. */
  failed(): void {
    const where =
      this.#finishedEpochs === this.#epochs ? "" : ` in epoch ${this.#epoch}, batch ${this.#batch}`;
    this.#output.draw(this.#finalBundle(`stopped${where} · ${this.#epochCount()} finished`));
  }

  #epochCount(): string {
    const part = this.#finishedEpochs === this.#epochs ? "" : ` of ${this.#epochs}`;
    return `${this.#finishedEpochs}${part} epoch${this.#epochs === 1 ? "" : "s"}`;
  }

  #liveBundle(): MimeBundle {
    const share = Math.min((this.#finishedEpochs + this.#partOfEpoch()) / this.#epochs, 1);
    const left = timeLeft(performance.now() - this.#startedAt, share);
    const where = [
      `epoch ${this.#epoch} of ${this.#epochs}`,
      `batch ${this.#batch} of ${this.#batches}`,
      left,
    ];
    const head = where.filter(Boolean).join(" · ");
    return {
      "text/html":
        `<div>${bar(share)} ${head}</div>` +
        `${this.#numbersTable({ ...this.#lastEpoch(), ...this.#logs })}${this.#curves(true)}`,
      "text/plain": `${textBar(share)} ${head} · ${logsText(this.#logs)}`,
    };
  }

  #finalBundle(head: string): MimeBundle {
    const last = this.#lastEpoch();
    return {
      "text/html": `<div>${head}</div>${this.#numbersTable(last)}${this.#curves(false)}`,
      "text/plain": `${head} · ${logsText(last)}`,
    };
  }

  #lastEpoch(): ProgressLogs {
    return Object.fromEntries(
      Object.entries(this.#history).map(([name, values]) => [name, values[values.length - 1]]),
    );
  }

  #partOfEpoch(): number {
    return this.#epoch > this.#finishedEpochs ? this.#batch / this.#batches : 0;
  }

  #traceLoss(): void {
    if (this.#logs.loss === undefined) return;
    this.#trace.push([this.#finishedEpochs + this.#partOfEpoch(), this.#logs.loss]);
    if (this.#trace.length > MOST_TRACE_POINTS) this.#trace = this.#trace.filter((_, i) => i % 2 === 0);
  }

  #numbersTable(logs: ProgressLogs): string {
    const measures = readMeasures(
      Object.fromEntries(Object.entries(logs).map(([name, value]) => [name, [value]])),
    );
    if (measures.length === 0) return "";
    const hasValidation = measures.some((measure) => measure.validation.length > 0);
    const line = (kind: "training" | "validation"): string => {
      const cells = measures.map((measure) => {
        const value = measure[kind][0];
        return `<td>${value === undefined ? "" : alignedNumbers([value])(value)}</td>`;
      });
      return `<tr><th>${kind}</th>${cells.join("")}</tr>`;
    };
    const head = measures.map((measure) => `<th>${escapeMarkup(words(measure.name))}</th>`).join("");
    return (
      `<table><thead><tr><th></th>${head}</tr></thead>` +
      `<tbody>${line("training")}${hasValidation ? line("validation") : ""}</tbody></table>`
    );
  }

  #curves(isLive: boolean): string {
    const measures = readMeasures(this.#history).slice(0, MOST_PANELS);
    const hasTrace = isLive && this.#trace.length > 1;
    // one epoch is a point, not a curve: the table says it all
    if (!hasTrace && this.#finishedEpochs < 2) return "";
    const names = measures.length > 0 ? measures.map((measure) => measure.name) : ["loss"];
    const panels = names.map((name, i): SmallPanel => {
      const curves: SmallCurve[] = measures[i]
        ? [
            { name: "training", points: byEpoch(measures[i].training) },
            { name: "validation", points: byEpoch(measures[i].validation) },
          ].filter((curve) => curve.points.length > 0)
        : [];
      if (hasTrace && name === "loss")
        curves.unshift({ name: "running", points: this.#trace, isFaint: true });
      const first = hasTrace ? 0 : 1;
      return {
        title: `${words(name)} by epoch`,
        curves,
        x: [first, isLive ? this.#epochs : this.#finishedEpochs],
      };
    });
    const { svg, width, height } = smallCurves(panels);
    const source = `data:image/svg+xml;base64,${base64(new TextEncoder().encode(svg))}`;
    const alt = `${names.map(words).join(" and ")} by epoch`;
    return `<img src="${source}" width="${width}" height="${height}" alt="${escapeMarkup(alt)}">`;
  }
}

/**
 * Goes through a list and shows how far it is: `for (const x of progress(list)) …`. In plain Node nothing is shown.
 *
 * @param items anything that can be iterated over; with a length or size the time left is estimated
 * @throws TypeError when there is nothing to go through.
 * @example
 * [...progress([1, 2, 3])].length // → 3
 */
export function* progress<T>(items: Iterable<T>): Generator<T, void, undefined> {
  if (!isIterable(items)) {
    throw new TypeError(`progress: goes through a list or another iterable, got ${describe(items)}`);
  }
  const { length, size } = items as { length?: number; size?: number };
  const total = length ?? size;
  const output = new LiveOutput();
  const startedAt = performance.now();
  let count = 0;
  const draw = (isLast: boolean): MimeBundle => {
    const share = total ? count / total : 0;
    const left = isLast ? "" : timeLeft(performance.now() - startedAt, share);
    const head = [total === undefined ? `${count}` : `${count} of ${total}`, left]
      .filter(Boolean)
      .join(" · ");
    const rest = total === undefined ? (isLast ? "" : bar(undefined)) : bar(share);
    return {
      "text/html": `<div>${rest} ${head}</div>`,
      "text/plain": total === undefined ? head : `${textBar(share)} ${head}`,
    };
  };
  output.draw(draw(false));
  try {
    for (const item of items) {
      yield item;
      count++;
      output.refresh(() => draw(false));
    }
  } finally {
    output.draw(draw(true));
  }
}

/** A bar; without a share one that only says that something is going on. */
function bar(share: number | undefined): string {
  const value = share === undefined ? "" : ` value="${share.toFixed(4)}" max="1"`;
  return `<progress${value} style="width: 320px"></progress>`;
}

function byEpoch(values: readonly number[]): [number, number][] {
  return values.map((value, i) => [i + 1, value]);
}

function logsText(logs: ProgressLogs): string {
  return Object.entries(logs)
    .map(([name, value]) => `${name} ${shortNumber(value)}`)
    .join(", ");
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return (
    typeof value === "string" || (typeof value === "object" && value !== null && Symbol.iterator in value)
  );
}
