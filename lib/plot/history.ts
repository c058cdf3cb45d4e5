// The course of a training as curves: the loss and each metric in a panel, training and validation together.
import { type Displayable, displayable, type MimeBundle } from "./bundle.ts";
import { chartBundle, chartNumber } from "./chart.ts";
import { shortNumber } from "./number.ts";
import { describe } from "./values.ts";

/** Numbers of each epoch by name: `loss`, `accuracy`, and for validation `valLoss` or `val_loss`. */
export type EpochNumbers = { readonly [name: string]: readonly number[] };

/** One measure over the epochs, with what the validation data gave. */
export interface Measure {
  readonly name: string;
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

const PANEL = { width: 300, height: 200 };
/** The axis title as a heading: at a fixed place, so that the headings of all panels are at one height. */
const NAME_ON_TOP = { titleAngle: 0, titleAlign: "left", titleAnchor: "start", titleX: 0, titleY: -10 };
/** Up to this many epochs each one has a dot. */
const MOST_DOTS = 30;

/**
 * Draws learning curves: a panel for the loss and one for each metric, with training and validation in two colours.
 *
 * @param history what `fit` returned, or the numbers of each epoch by name
 * @throws TypeError when it is handed no history: a Promise of one, for example, where `await` is missing.
 * @example
 * learningCurves({ loss: [1, 0.5, 0.4], valLoss: [1.1, 0.7, 0.6] })
 */
export function learningCurves(history: EpochNumbers | { readonly history: EpochNumbers }): Displayable {
  if (typeof history !== "object" || history === null || "then" in history) {
    const hint = "what fit returned (with await), or { loss: [1, 0.5] }";
    throw new TypeError(`learningCurves: takes ${hint}, got ${describe(history)}`);
  }
  const numbers = isHistory(history) ? history.history : history;
  return displayable(() => historyBundle(numbers));
}

/** The outputs of {@link learningCurves}. */
export async function historyBundle(history: EpochNumbers): Promise<MimeBundle> {
  const measures = readMeasures(history);
  const epochs = Math.max(
    0,
    ...measures.map((measure) => measure.training.length || measure.validation.length),
  );
  if (epochs === 0) return { "text/plain": "learning curves: no epoch yet" };
  const kinds = measures.some((measure) => measure.validation.length > 0)
    ? ["training", "validation"]
    : ["training"];
  const panels = measures.map((measure) => ({
    ...PANEL,
    data: { values: rows(measure) },
    mark: { type: "line", tooltip: true, point: epochs <= MOST_DOTS },
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative",
        scale: { nice: false, zero: false },
        axis: { tickMinStep: 1, format: "d", grid: false },
      },
      y: {
        field: "value",
        type: "quantitative",
        title: words(measure.name),
        scale: { zero: false },
        axis: NAME_ON_TOP,
      },
      color: {
        field: "data",
        type: "nominal",
        title: null,
        scale: { domain: kinds },
        legend: kinds.length === 1 ? null : { orient: "top" },
      },
    },
  }));
  const layout = { columns: 2, align: "all", bounds: "flush", spacing: { row: 70, column: 60 } };
  return chartBundle({ ...layout, concat: panels }, summary(measures, epochs));
}

/** Pairs the numbers of training and validation. */
export function readMeasures(history: EpochNumbers): Measure[] {
  const measures = new Map<string, { training: readonly number[]; validation: readonly number[] }>();
  for (const [key, values] of Object.entries(history)) {
    const match = /^val(?:_(.+)|([A-Z].*))$/.exec(key);
    const name = match ? (match[1] ?? match[2][0].toLowerCase() + match[2].slice(1)) : key;
    const measure = measures.get(name) ?? { training: [], validation: [] };
    measures.set(name, { ...measure, [match ? "validation" : "training"]: values });
  }
  return [...measures].map(([name, values]) => ({ name, ...values }));
}

/** A name in words: `meanAbsoluteError` becomes "mean absolute error". */
export function words(name: string): string {
  return name
    .replace(/_/g, " ")
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

function rows({ training, validation }: Measure): object[] {
  const row = (data: string) => (value: number, i: number) => ({
    epoch: i + 1,
    value: chartNumber(value),
    data,
  });
  return [...training.map(row("training")), ...validation.map(row("validation"))];
}

function summary(measures: readonly Measure[], epochs: number): string {
  const lines = measures.flatMap(({ name, training, validation }) => [
    ...(training.length > 0 ? [`  ${words(name)}: ${course(training)}`] : []),
    ...(validation.length > 0 ? [`  validation ${words(name)}: ${course(validation)}`] : []),
  ]);
  return [`learning curves over ${epochs} epoch${epochs === 1 ? "" : "s"}`, ...lines].join("\n");
}

/** From the first epoch's value to the last one's. */
function course(values: readonly number[]): string {
  const last = values[values.length - 1];
  return values.length === 1 ? shortNumber(last) : `${shortNumber(values[0])} → ${shortNumber(last)}`;
}

function isHistory(history: object): history is { readonly history: EpochNumbers } {
  return "history" in history && !Array.isArray(history.history);
}
