// check(actual).is(expected): what a notebook claims, shown as a green line when it holds and as an error when it does not.
import { DISPLAY, type MimeBundle } from "../plot/bundle.ts";
import { describe } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { errorMatches, everyNumber, isTruth, ordered, shapeIs, type Verdict } from "./claims.ts";
import { type Comparison, compare } from "./difference.ts";
import { agreement, disagreement } from "./explain.ts";
import type { NumberArray, NumberBlock } from "./numbers.ts";
import { CheckError, reportPassed } from "./report.ts";
import { readTolerance, type Tolerance, writtenTolerance } from "./tolerance.ts";
import { numberText, valueText } from "./words.ts";

/** What a value of a type may be compared with: tensors, lists and typed arrays of numbers with one another. */
export type Expected<T> = unknown extends T
  ? unknown
  : T extends boolean
    ? boolean
    : T extends number
      ? number | Tensor
      : T extends string
        ? string
        : T extends Tensor | NumberArray | readonly NumberRow[]
          ? NumberBlock
          : T extends ((...args: never[]) => unknown) | PromiseLike<unknown>
            ? T
            : T extends readonly (infer Item)[]
              ? readonly Expected<Item>[]
              : T extends object
                ? { readonly [Key in keyof T]: Expected<T[Key]> }
                : T;

type NumberRow = number | boolean | readonly NumberRow[];

/**
 * States a claim about a value: `check(accuracy, "accuracy").isCloseTo(0.9091)`. What follows the point says what is
 * expected. A claim that holds leaves a green line in the notebook; one that does not throws a `CheckError` that names the
 * first places that differ, and what may have happened.
 *
 * Numbers are compared wherever they are: in a tensor of any dtype, a typed array or nested lists. NaN is NaN, and −0 is
 * 0. If one side is float32, the other one is rounded to it first.
 *
 * @param actual what was computed
 * @param label what it is, for the line and the message
 * @example
 * check(tensor([[1, 2], [3, 4]]).sum(0)).is([4, 6]) // → undefined
 * check(150 / 165, "accuracy").isCloseTo(0.9091) // → undefined
 */
export function check<T>(actual: T, label = ""): Check<T> {
  return new Check(actual, label);
}

/** A value about which something is to be claimed; made by {@link check}. */
export class Check<T> {
  readonly #actual: T;
  readonly #label: string;

  constructor(actual: T, label: string) {
    this.#actual = actual;
    this.#label = label;
  }

  /**
   * The value is the expected one, number by number, property by property.
   *
   * @throws CheckError when something differs.
   * @example
   * check({ rows: [50, 10], name: "no" }).is({ rows: [50, 10], name: "no" }) // → undefined
   */
  is(expected: Expected<T>): void {
    this.#settle(this.#sameAs(expected, compare(this.#actual, expected)), this.is);
  }

  /**
   * The value differs from another one in one place at least.
   *
   * @throws CheckError when they are the same.
   * @example
   * check([1, 2]).isNot([2, 1]) // → undefined
   */
  isNot(other: Expected<T>): void {
    const found = compare(this.#actual, other);
    const claim = `${valueText(this.#actual)}, other than ${valueText(other)}`;
    const same = [`expected anything but ${valueText(other)}, and got it`];
    this.#settle(found.differing > 0 ? { passed: claim } : { failed: same }, this.isNot);
  }

  /**
   * Numbers, also in lists and objects, are near the expected ones: |actual − expected| ≤ tolerance.
   *
   * Without a tolerance it is half a unit of the last digit that is written: 0.9091 accepts 0.90905 to 0.90915. At least 4
   * and at most 6 digits count (below 1: at least 4 decimals), so 0.5 stands for 0.5000. The numbers of a list or tensor share one tolerance, from the
   * largest and from the one with the most decimals. The green line states it.
   *
   * @param options `tolerance` in the unit of the numbers, `relative` as a share of the expected number
   * @throws CheckError when a number is farther away; RangeError for a tolerance that is no distance.
   * @example
   * check([0.3333333, 0.25]).isCloseTo([0.3333, 0.25]) // → undefined
   * check(1013, "pressure").isCloseTo(1000, { relative: 0.02 }) // → undefined
   */
  isCloseTo(expected: Expected<T>, options: Tolerance = {}): void {
    const limits = readTolerance(options);
    const limitsFor = limits === null ? writtenTolerance : () => limits;
    this.#settle(this.#sameAs(expected, compare(this.#actual, expected, limitsFor)), this.isCloseTo);
  }

  /**
   * A tensor (or whatever has a `shape`), or nested lists, have this shape.
   *
   * @throws CheckError with what may have happened: "did you transpose?".
   * @example
   * check(zeros([3, 4]).matmul(zeros([4, 2]))).hasShape([3, 2]) // → undefined
   */
  hasShape(shape: readonly (number | null)[]): void {
    if (!Array.isArray(shape)) {
      throw new TypeError(`check: a shape is a list of sizes such as [3, 2], got ${describe(shape)}`);
    }
    this.#settle(shapeIs(this.#actual, shape), this.hasShape);
  }

  /**
   * The value is true: for conditions that need no numbers. Say with the label what it is that holds.
   *
   * @throws CheckError when it is false, or no truth value.
   * @example
   * check([3, 2, 1].at(-1)! < 3, "the loss has fallen").isTrue() // → undefined
   */
  isTrue(): void {
    this.#settle(isTruth(this.#actual, true), this.isTrue);
  }

  /** The value is false. @throws CheckError when it is true, or no truth value. */
  isFalse(): void {
    this.#settle(isTruth(this.#actual, false), this.isFalse);
  }

  /** The number, or every number of a tensor or list, is less than the limit. @throws CheckError otherwise. */
  isBelow(limit: number): void {
    const claim = `below ${numberText(limit)}`;
    this.#settle(
      everyNumber(this.#actual, claim, (value) => value < limit),
      this.isBelow,
    );
  }

  /** The number, or every number of a tensor or list, is greater than the limit. @throws CheckError otherwise. */
  isAbove(limit: number): void {
    const claim = `above ${numberText(limit)}`;
    this.#settle(
      everyNumber(this.#actual, claim, (value) => value > limit),
      this.isAbove,
    );
  }

  /** The number, or every number of a tensor or list, is the limit or less. @throws CheckError otherwise. */
  isAtMost(limit: number): void {
    const claim = `at most ${numberText(limit)}`;
    this.#settle(
      everyNumber(this.#actual, claim, (value) => value <= limit),
      this.isAtMost,
    );
  }

  /** The number, or every number of a tensor or list, is the limit or more. @throws CheckError otherwise. */
  isAtLeast(limit: number): void {
    const claim = `at least ${numberText(limit)}`;
    this.#settle(
      everyNumber(this.#actual, claim, (value) => value >= limit),
      this.isAtLeast,
    );
  }

  /**
   * The number, or every number of a tensor or list, lies between two limits, both included.
   *
   * @throws CheckError when one does not.
   * @example
   * check([0.1, 0.7, 0.2], "probabilities").isBetween(0, 1) // → undefined
   */
  isBetween(low: number, high: number): void {
    const claim = `between ${numberText(low)} and ${numberText(high)}`;
    this.#settle(
      everyNumber(this.#actual, claim, (value) => value >= low && value <= high),
      this.isBetween,
    );
  }

  /**
   * Each number is greater than the one before it.
   *
   * @throws CheckError that names the first that is not.
   * @example
   * check([0.5, 0.76, 0.92], "AUC").isIncreasing() // → undefined
   */
  isIncreasing(): void {
    this.#settle(
      ordered(this.#actual, "increasing", (before, value) => value > before),
      this.isIncreasing,
    );
  }

  /** Each number is less than the one before it. @throws CheckError that names the first that is not. */
  isDecreasing(): void {
    this.#settle(
      ordered(this.#actual, "decreasing", (before, value) => value < before),
      this.isDecreasing,
    );
  }

  /**
   * A function throws an error whose message matches, or holds the text. `await` the check of an asynchronous function.
   *
   * @throws CheckError when nothing is thrown, or something else.
   * @example
   * check(() => tensor([1, 2]).at(5)).throws(/no index 5/) // → undefined
   */
  throws(pattern: RegExp | string = ""): T extends () => PromiseLike<unknown> ? Promise<void> : undefined {
    const verdict = errorMatches(this.#actual, pattern);
    const settled =
      verdict instanceof Promise
        ? verdict.then((late) => this.#settle(late, this.throws))
        : this.#settle(verdict, this.throws);
    return settled as T extends () => PromiseLike<unknown> ? Promise<void> : undefined;
  }

  /** What a cell shows that ends without a claim. */
  [DISPLAY](): MimeBundle {
    return {
      "text/plain": "check: nothing is claimed yet; go on with .is(…), .isCloseTo(…), .hasShape([…])",
    };
  }

  #sameAs(expected: unknown, found: Comparison): Verdict {
    return found.differing > 0
      ? { failed: disagreement(found) }
      : { passed: agreement(found, this.#actual, expected) };
  }

  #settle(verdict: Verdict, from: CallableFunction): void {
    const name = this.#label;
    if ("failed" in verdict) {
      const [first, ...rest] = verdict.failed;
      throw new CheckError([name === "" ? first! : `${name}: ${first}`, ...rest], from);
    }
    const { passed, isVerb } = verdict;
    if (name === "") reportPassed(passed || "true");
    // A condition needs no "true" behind the words that say it.
    else if (passed === "") reportPassed(name);
    else reportPassed(`${name}${isVerb || /[=≈:]$/.test(name) ? " " : ": "}${passed}`);
  }
}
