// What a distribution of numbers is made of.
import type { Draws } from "../random/draws.ts";

/** What a distribution is made of: functions of plain numbers in double precision. */
export interface Description {
  /** As in `distributions`. */
  name: string;
  parameters: Readonly<Record<string, number>>;
  /** The least and the greatest possible value. */
  support: readonly [low: number, high: number];
  /** log of the density or of the probability, within the support. */
  logWeight(x: number): number;
  /** The weight itself where it is a simple number: the exponential of a logarithm may miss its last digit. */
  weight?(x: number): number;
  /** P(X ≤ x) and P(X > x), within the support. */
  cdf(x: number): number;
  survival(x: number): number;
  /** The x with cdf(x) = p, given both levels, above 0. */
  quantile(levels: Levels): number;
  mean: number;
  variance: number;
  /** Where the weight is greatest, the least such place. */
  mode: number;
  /** In nats. */
  entropy(): number;
  draw(draws: Draws): number;
}

/** The probability p up to a quantile and q = 1 − p beyond it, and which of the two was asked for. */
export interface Levels {
  p: number;
  q: number;
  asked: "p" | "q";
}
