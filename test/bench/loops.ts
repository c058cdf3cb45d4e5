// A training loop written by hand, without `await`, against `fit` on the same model, in turns between live processes. The
// peer is our own: nobody shall pay for not using `fit`. 0.83× is 20 % slower.
import type { Row } from "./table.ts";
import { measure, nodeSide } from "./turns.ts";

const styles = [
  { model: "layers", name: "training loop by hand, MLP 784-256-10, layers and optimizer" },
  { model: "tensors", name: "training loop by hand, MLP 784-256-10, tensors only" },
];

/** One row a style. */
export function benchLoops(): Promise<Row[]> {
  const hand = nodeSide("Lectern", "lectern-loop.ts", { LOOP: "hand" });
  const fit = nodeSide("Lectern (fit)", "lectern-loop.ts", { LOOP: "fit" });
  const turns = { rounds: 7, warmUpSeconds: 1.5, roundSeconds: 2 };
  return measure([hand, fit], styles, turns, ({ name }, ms) => [
    { name, unit: "ms", lectern: ms(hand), peers: { fit: ms(fit) } },
  ]);
}
