// A session for tests: runs cells and compares what they give with what they should give.
import { inspect, types } from "node:util";
import { expect } from "vitest";
import { type CellPosition, CellSyntaxError, type CompiledCell } from "../../../kernel/cell/compile.ts";
import { describeThrown, Evaluator, FailedImport, stacks } from "./evaluator.ts";

export { stacks };

/** Cells without a value give this. */
export const NO_VALUE = Symbol("no value");

let cells = 0;

export interface Outcome {
  readonly name: string;
  readonly cell: CompiledCell | null;
  readonly failed: boolean;
  readonly value: unknown;
  readonly error: unknown;
  /** Of the error, as the user sees it. */
  readonly stack: string;
  readonly position: CellPosition | null;
  readonly gavePromise: boolean;
}

export class TestSession extends Evaluator {
  async run(source: string): Promise<Outcome> {
    const name = `Cell [${++cells}]`;
    let cell: CompiledCell | null = null;
    let gavePromise = false;
    try {
      cell = await this.compile(source, name);
      // What crosses the pipe must survive it.
      expect(JSON.parse(JSON.stringify(cell.runnable))).toEqual(cell.runnable);
      const body = await this.prepare(cell);
      const called = body();
      gavePromise = types.isPromise(called);
      const result = await called;
      const value = types.isPromise(result?.value) ? await result.value : result?.value;
      const ended = { failed: false, error: null, stack: "", position: null };
      return { name, cell, ...ended, value: result ? value : NO_VALUE, gavePromise };
    } catch (error) {
      return { name, cell, failed: true, value: NO_VALUE, error, ...describe(error), gavePromise };
    }
  }

  /** Runs a cell that must not fail; compares its value if one is given. */
  async ok(source: string, ...expected: [unknown?]): Promise<Outcome & { cell: CompiledCell }> {
    const outcome = await this.run(source);
    if (outcome.failed || !outcome.cell) throw new Error(`${outcome.stack}\n--- of the cell\n${source}`);
    if (expected.length > 0) expect(outcome.value, source).toEqual(expected[0]);
    return { ...outcome, cell: outcome.cell };
  }

  /**
   * Runs a cell that must fail with this text in its stack. `marks`: comments such as \/*1*\/ in the source that stand
   * right before the places of the frames, in the order of the frames.
   */
  async fails(source: string, pattern: RegExp, marks: string[] = []): Promise<Outcome> {
    const outcome = await this.run(source);
    expect(outcome.failed, `should fail: ${source} → ${inspect(outcome.value)}`).toBe(true);
    expect(outcome.stack, source).toMatch(pattern);
    const expected = marks.map((mark) => `${outcome.name}:${placeOf(source, mark)}`);
    const found = [...outcome.stack.matchAll(/Cell \[\d+\]:\d+:\d+/g)].map(([place]) => place);
    expect(found.slice(0, marks.length), outcome.stack).toEqual(expected);
    return outcome;
  }
}

/** A stack as the user sees it, without the frames of these tests. */
export function mapStack(stack: string): string {
  const lines = stacks.map(stack).text.split("\n");
  return lines
    .filter((line) => !/^ {4}at .*(?:\/test\/kernel\/cell\/[^/]*\.ts|vitest)/.test(line))
    .join("\n");
}

function describe(error: unknown): { stack: string; position: CellPosition | null } {
  if (error instanceof CellSyntaxError) {
    const { line, column } = error;
    return { stack: error.stack ?? "", position: { line, column } };
  }
  if (error instanceof FailedImport) {
    const thrown = describeThrown(error);
    const text = `${thrown.name}: ${thrown.message}${thrown.stack}`;
    return { stack: mapStack(text), position: stacks.map(text).position };
  }
  const stack = error instanceof Error ? (error.stack ?? "") : String(error);
  return { stack: mapStack(stack), position: stacks.map(stack).position };
}

function placeOf(source: string, mark: string): string {
  const text = source.replace(/^\uFEFF/, "");
  const comment = `/*${mark}*/`;
  const lines = text.slice(0, text.indexOf(comment) + comment.length).split(/\r?\n/);
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}
