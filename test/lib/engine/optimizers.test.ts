// Update rules of optimizers: the compiled core against the plain one, with and without optional slots, at odd lengths.
import { beforeAll, describe, expect, test } from "vitest";
import { Step } from "../../../lib/engine/core.ts";
import { engine } from "../../../lib/engine/engine.ts";
import { plainEngine } from "../../../lib/engine/plain/index.ts";
import { numbers } from "./blocks.ts";

beforeAll(() => engine.threadsReady());

// Constants k0 … k4 for each rule, and which slots it has.
const rules: [keyof typeof Step, number[], [boolean, boolean, boolean]][] = [
  ["nesterov", [0.1, 0.9, 0, 0, 0], [true, false, false]],
  ["rmsprop", [0.1, 0.9, 1e-3, 0, 0.1], [true, false, false]],
  ["rmsprop", [0.1, 0.9, 1e-3, 0.5, 0.1], [true, true, true]],
  ["rmsprop", [0.1, 0.9, 1e-3, 0.5, 0.1], [true, false, true]],
  ["adagrad", [0.1, 0.2, 1e-3, 0, 0], [true, false, false]],
  ["adadelta", [1, 0.9, 1e-3, 0.1, 0], [true, true, false]],
  ["adamax", [0.1, 0.9, 0.99, 1e-3, 0.1], [true, true, false]],
  ["adam", [0.1, 0.05, 0.9, 0.99, 1e-3], [true, true, false]],
  ["adam", [0.1, 0, 0.9, 0.99, 1e-3], [true, true, true]],
];

describe.each(rules)("%s %j %j", (rule, constants, slots) => {
  // Less than a vector, whole vectors, vectors and a rest, several chunks and a rest.
  test.each([1, 8, 13, 40003])("%d numbers", (n) => {
    const start = [
      numbers(n, 1),
      numbers(n, 2),
      ...slots.map((used, i) => (used ? numbers(n, 3 + i).map(Math.abs) : null)),
    ];
    // The mean of rmsprop: small, so that the spread stays above 0.
    if (rule === "rmsprop" && start[3]) start[3] = start[3].map((v) => 0.01 * v);
    const run = (core: Pick<typeof engine.core, "optimizerStep">, bytes: 4 | 8): number[][] => {
      const view = (pointer: number) =>
        bytes === 4 ? engine.memory.float32(pointer, n + 1) : engine.memory.float64(pointer, n + 1);
      const places = start.map((values) => {
        if (values === null) return 0;
        const pointer = engine.memory.allocate(bytes * (n + 1));
        // What lies beyond the end must stay as it is.
        view(pointer).set([...values, 7]);
        return pointer;
      });
      const [w, g, a, b, c] = places as [number, number, number, number, number];
      const [k0, k1, k2, k3, k4] = constants as [number, number, number, number, number];
      for (let step = 0; step < 3; step++)
        core.optimizerStep(Step[rule], w, g, a, b, c, n, k0, k1, k2, k3, k4);
      const results = places.filter((pointer) => pointer !== 0).map((pointer) => Array.from(view(pointer)));
      for (const pointer of places) if (pointer !== 0) engine.memory.free(pointer);
      return results;
    };
    const single = run(engine.core, 4);
    const double = run(plainEngine.core, 8);
    // Three steps of roundings of 6e-8, divided by a root that may be small.
    double.forEach((expected, k) => {
      expect([expected[n], single[k]![n]]).toEqual([7, 7]);
      const wrong = expected.flatMap((value, i) =>
        Math.abs(single[k]![i]! - value) <= 2e-5 * Math.max(1, Math.abs(value))
          ? []
          : [[i, single[k]![i], value]],
      );
      expect(wrong).toEqual([]);
    });
  });
});
