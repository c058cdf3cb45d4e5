// What a notebook gets to see of a training: one output, drawn again while the cell runs, and the same in every run.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { code, writeNotebook } from "./notebooks.ts";
import { Place, root } from "./programs.ts";

/** What training_messages.py prints. */
interface Found {
  status: string;
  seconds: number;
  messages: { type: string; display_id: string; mimes: string[]; text: string }[];
}

const place = new Place();
beforeAll(() => place.installKernel());
afterAll(() => place.remove());

const library = JSON.stringify(join(root, "lib", "index.ts"));
const data = `import { dense, random, seed, sequential } from ${library};
seed(7);
const x = random.normal([2000, 100]), y = random.uniform([2000, 1]);
const model = sequential([dense(200, { activation: "relu", inputShape: [100] }), dense(1)]);
model.compile({ optimizer: "adam", loss: "mse" });`;
const training = (epochs: number) => `const history = await model.fit(x, y, { epochs: ${epochs} });`;

test("one output is drawn again and again while the cell runs", { timeout: 600_000 }, async () => {
  const driver = fileURLToPath(new URL("training_messages.py", import.meta.url));
  // stopped by the driver once it has seen enough, however fast the machine
  const { code: exitCode, stdout, stderr } = await place.python(driver, data, training(100_000));
  expect(exitCode, stderr).toBe(0);
  const { status, messages, seconds } = JSON.parse(stdout) as Found;
  expect(status).toBe("error");
  const [first, ...updates] = messages.filter((message) => message.display_id);
  expect(first.type).toBe("display_data");
  expect(updates.length).toBeGreaterThanOrEqual(23);
  expect(new Set(updates.map((message) => message.type))).toEqual(new Set(["update_display_data"]));
  expect(new Set(updates.map((message) => message.display_id))).toEqual(new Set([first.display_id]));
  for (const { mimes, text } of [first, ...updates]) {
    expect(mimes).toEqual(["text/html", "text/plain"]);
    expect(text).not.toBe("");
  }
  // the first and the last drawing do not wait for their turn
  expect(updates.length).toBeLessThanOrEqual(seconds * 10 + 2);
});

test("the saved notebook holds one output, with the same bytes in every run", {
  timeout: 600_000,
}, async () => {
  const source = join(place.notebooks, "training.ipynb");
  writeNotebook(source, [code(data), code(training(20))]);
  const saved: { output_type: string; data: object }[][] = [];
  for (const name of ["first", "second"]) {
    const options = ["--execute", "--to", "notebook", "--output", name];
    const result = await place.python("-m", "nbconvert", ...options, source);
    expect(result.code, result.stderr).toBe(0);
    const { cells } = JSON.parse(readFileSync(join(place.notebooks, `${name}.ipynb`), "utf8"));
    saved.push(cells[1].outputs);
  }
  const [first, second] = saved;
  expect(first.map((output) => output.output_type)).toEqual(["display_data"]);
  expect(Object.keys(first[0].data).sort()).toEqual(["text/html", "text/plain"]);
  expect(JSON.stringify(second)).toBe(JSON.stringify(first));
});
