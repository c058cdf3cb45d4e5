// Cells in JupyterLab: what shows below them, in the light theme and in the dark one; interrupts, restarts and deaths of the kernel.
import { afterAll, beforeAll, expect, test } from "vitest";
import { colorsOf, contrast } from "./colors.ts";
import { Lab, type LabNotebook, limit, patience, widthOf } from "./lab.ts";
import { pictureCell } from "./notebooks.ts";

// One after the other: each test works in the notebook as the one before it left it.
const cells = {
  sum: 'const words: string[] = ["a", "b"];\nwords.length + 40',
  streams: 'console.log("to stdout");\nconsole.error("to stderr")',
  picture: pictureCell,
  error: 'function fail(): never {\n  throw new RangeError("out of chalk");\n}\nfail()',
  types: 'const total: number = "twelve";',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the cell
  flood: "for (let i = 1; i <= 10_000; i++) console.log(`line ${i}`)",
  loop: "while (true) {}",
  again: 'words.join("+")',
  question: 'const name: string = await input("Your name? ");\nname.toUpperCase()',
  secret: 'prompt("Again?")! + (await input("Secret: ", { password: true })).length',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: of the cell
  death: 'import { execSync } from "node:child_process";\nexecSync(`kill -9 ${process.pid}`)',
  killer: "process.kill(process.ppid, 'SIGKILL')",
};
let lab: Lab;
let notebook: LabNotebook<keyof typeof cells>;

beforeAll(async () => {
  lab = await Lab.start({ "@jupyterlab/notebook-extension:tracker": { recordTiming: true } });
  notebook = await lab.notebook("lesson.ipynb", cells);
}, limit);
afterAll(() => lab?.stop(), limit);

test("a cell runs and its result shows", { timeout: limit }, async () => {
  await notebook.run("sum");
  await notebook.output("sum").getByText("42").waitFor();
  await notebook.hasCount("sum", 1);
});

test("code is coloured as TypeScript", { timeout: limit }, async () => {
  const token = (text: RegExp) => notebook.cell("sum").locator(".cm-line span", { hasText: text }).first();
  const colors = [token(/^const$/), token(/^"a"$/), token(/^40$/), notebook.editor("sum")].map(
    (part) => () => colorsOf(part),
  );
  await expect
    .poll(
      async () =>
        new Set((await Promise.all(colors.map((color) => color()))).map(({ color }) => `${color}`)).size,
      { timeout: patience },
    )
    .toBe(colors.length);
});

test("the two streams show, each in its own way", { timeout: limit }, async () => {
  await notebook.run("streams");
  await notebook
    .output("streams")
    .locator('[data-mime-type="application/vnd.jupyter.stdout"]')
    .getByText("to stdout")
    .waitFor();
  await notebook
    .output("streams")
    .locator('[data-mime-type="application/vnd.jupyter.stderr"]')
    .getByText("to stderr")
    .waitFor();
});

test("a picture shows", { timeout: limit }, async () => {
  await notebook.run("picture");
  const image = notebook.output("picture").locator("img");
  await expect.poll(() => widthOf(image), { timeout: patience }).toBe(48);
});

test("errors show with their place in the cell", { timeout: limit }, async () => {
  await notebook.run("error");
  await expect
    .poll(() => notebook.output("error").innerText(), { timeout: patience })
    .toMatch(/RangeError: out of chalk[\s\S]*Cell \[4\]:2:9/);
  await notebook.run("types");
  await notebook.output("types").getByText("TS2322").waitFor();
});

test("errors can be read in the light theme and in the dark one", { timeout: limit }, async () => {
  const contrasts = async () => {
    const parts = await Promise.all(
      ["error", "types"].map((name) =>
        notebook
          .output(name as "error")
          .locator("pre, pre span")
          .all(),
      ),
    );
    return Promise.all(parts.flat().map(async (part) => contrast(await colorsOf(part))));
  };
  for (const theme of ["Light", "Dark"]) {
    await lab.menu("Settings", "Theme", `JupyterLab ${theme}`);
    await lab.page.locator(`body[data-jp-theme-name="JupyterLab ${theme}"]`).waitFor({ state: "attached" });
    await expect.poll(async () => Math.min(...(await contrasts())), { timeout: patience }).toBeGreaterThan(3); // what WCAG asks of bold and large text
  }
  await lab.menu("Settings", "Theme", "JupyterLab Light");
});

test("ten thousand lines all arrive", { timeout: limit }, async () => {
  await notebook.run("flood");
  const lines = async () => {
    const text = await notebook.output("flood").locator("pre").allInnerTexts();
    return text.join("").trimEnd().split("\n");
  };
  await expect.poll(async () => (await lines()).length, { timeout: patience }).toBe(10_000);
  expect(await lines()).toEqual(Array.from({ length: 10_000 }, (_, i) => `line ${i + 1}`));
});

test("times of the run are recorded in the notebook", { timeout: limit }, async () => {
  const { cells: saved } = await notebook.saved();
  const times = saved[Object.keys(cells).indexOf("sum")]?.metadata.execution ?? {};
  const order = ["iopub.status.busy", "iopub.execute_input", "shell.execute_reply"].map((key) =>
    Date.parse(times[key] ?? ""),
  );
  const started = Date.parse(times["shell.execute_reply.started"] ?? "");
  expect([...order, started].every(Number.isFinite), JSON.stringify(times)).toBe(true);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(started).toBeLessThanOrEqual(order[2] as number);
});

test("a cell asks, the person answers", { timeout: limit }, async () => {
  await notebook.start("question");
  const field = notebook.cell("question").locator(".jp-Stdin-input");
  await notebook.cell("question").locator(".jp-Stdin-prompt", { hasText: "Your name?" }).waitFor();
  await field.fill("Ada");
  await field.press("Enter");
  await notebook.output("question").getByText("'ADA'").waitFor();
});

test("one question after the other, and a password stays unseen", { timeout: limit }, async () => {
  await notebook.start("secret");
  const field = (kind: string) => notebook.cell("secret").locator(`.jp-Stdin-input:${kind}`);
  await field("not([type=password])").fill("yes");
  await field("not([type=password])").press("Enter");
  await field("is([type=password])").fill("hush");
  await field("is([type=password])").press("Enter");
  await notebook.output("secret").getByText("'yes4'").waitFor();
  expect(await notebook.cell("secret").innerText()).not.toContain("hush");
});

test("the toolbar's button interrupts a busy loop, and the kernel lives on", { timeout: limit }, async () => {
  await notebook.start("loop");
  await notebook.isRunning("loop");
  await notebook.button("notebook:interrupt-kernel");
  await notebook.output("loop").getByText("KeyboardInterrupt").waitFor();
  await notebook.idle();
  await notebook.run("again");
  await notebook.output("again").getByText("'a+b'").waitFor();
});

test("a cell that ends its process says so, and the next cell runs", { timeout: limit }, async () => {
  await notebook.run("death");
  await notebook.output("death").getByText("All variables are lost").waitFor();
  await notebook.run("again");
  await notebook.output("again").getByText("Cannot find name 'words'").waitFor();
});

test("a restart forgets names and counts", { timeout: limit }, async () => {
  await notebook.run("sum");
  await notebook.restart("notebook:restart-kernel");
  await notebook.idle();
  await notebook.run("again");
  await notebook.hasCount("again", 1);
  await notebook.output("again").getByText("Cannot find name 'words'").waitFor();
});

test("a kernel that is killed is announced and started again", { timeout: limit }, async () => {
  await notebook.start("killer");
  const dialog = lab.page.locator(".jp-Dialog", {
    hasText: "appears to have died. It will restart automatically.",
  });
  await dialog.locator(".jp-mod-accept").click();
  await notebook.idle();
  await notebook.run("sum");
  await notebook.hasCount("sum", 1);
});

test("all cells run in a row, and again after a restart", { timeout: limit }, async () => {
  const all = await lab.notebook("all.ipynb", {
    first: "let count = 21;",
    second: "count++;\ncount",
    third: "count * 2",
  });
  const results = async () => {
    await all.hasRun("third");
    return (await lab.page.locator(".jp-OutputArea-output pre").allInnerTexts()).map((text) => text.trim());
  };
  const show = (...shown: string[]) => expect.poll(results, { timeout: patience }).toEqual(shown);
  await lab.menu("Run", "Run All Cells");
  await show("22", "44");
  await all.run("second");
  await all.run("third");
  await show("23", "46");
  await all.restart("notebook:restart-run-all");
  await show("22", "44");
  await all.hasCount("third", 3);
});
