// A model as the last value of a cell: its drawing.
import { expect, test } from "vitest";
import { concatenate, dense, input, model, sequential } from "../../../lib/index.ts";
import { DISPLAY } from "../../../lib/plot/bundle.ts";

test("a model shows its layers", async () => {
  const x = input([2]);
  const branches = model(x, concatenate([dense(3)(x), dense(4)(x)]));
  const { "text/plain": text, "text/html": html } = await branches[DISPLAY]();
  expect(text).toBe(
    "model: 21 parameters\n  input_1 [2]\n  dense_1 [3], 9 parameters ← input_1\n  dense_2 [4], 12 parameters ← input_1\n" +
      "  concatenate_1 [7] ← dense_1, dense_2",
  );
  expect(html).toMatch(/^<img src="data:image\/svg\+xml/);
});

test("a model of very many layers shows its table", async () => {
  const layers = Array.from({ length: 81 }, () => dense(1));
  const { "text/html": html } = await sequential(layers, { inputShape: [1] })[DISPLAY]();
  expect(html).toMatch(/^<table>/);
});
