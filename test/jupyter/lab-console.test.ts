// JupyterLab around the notebook: the launcher, a console with history and incomplete blocks, and a notebook from somebody else.
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Lab, limit, patience, widthOf } from "./lab.ts";
import { code, writeNotebook } from "./notebooks.ts";
import { root } from "./programs.ts";

let lab: Lab;
/** Where the console's next cell is written. */
let line: Locator;
const library = JSON.stringify(join(root, "lib", "index.ts"));

beforeAll(async () => {
  lab = await Lab.start({ "@jupyterlab/console-extension:tracker": { interactionMode: "terminal" } });
  line = lab.page.locator(".jp-CodeConsole-promptCell .cm-content");
  // When the kernel has not said within 250 ms whether a line is complete, JupyterLab runs it: here it waits for the word.
  await lab.page.addInitScript(`{
    const { setTimeout } = window;
    window.setTimeout = (then, ms, ...rest) => setTimeout(then, ms === 250 ? ${patience} : ms, ...rest);
  }`);
}, limit);
afterAll(() => lab?.stop(), limit);

test("the kernel's own icon is in the launcher", { timeout: limit }, async () => {
  const notebook = await lab.notebook("lesson.ipynb", {
    shared: "const shared: number = 40;",
    old: "// from the notebook\nshared",
  });
  await notebook.run("shared");
  await notebook.run("old");
  await lab.menu("File", "New Launcher");
  const icons = lab.page.locator(".jp-LauncherCard", { hasText: "TypeScript (Lectern)" }).locator("img");
  await icons.first().waitFor();
  for (const icon of await icons.all()) {
    expect(await icon.getAttribute("src")).toContain("/lectern/logo-svg.svg");
    await expect.poll(() => widthOf(icon), { timeout: patience }).toBeGreaterThan(0);
  }
});

test("a console works with the names of the notebook", { timeout: limit }, async () => {
  await lab.page.locator(".lm-TabBar-tab", { hasText: "lesson.ipynb" }).click();
  await lab.menu("File", "New Console for Notebook");
  await lab.page.locator(".jp-CodeConsole", { hasText: /Lectern .* TypeScript .* Node/ }).waitFor();
  await enter("shared + 2");
  await lab.page.locator(".jp-CodeConsole-content").getByText("42", { exact: true }).waitFor();
});

test("Enter goes on with what is incomplete, and runs what is complete", { timeout: limit }, async () => {
  const ran = lab.page.locator(
    ".jp-CodeConsole-content .jp-CodeConsole-promptCell, .jp-CodeConsole-content .jp-CodeCell",
  );
  const before = await ran.count();
  const newLine = (number: number) =>
    line
      .locator(".cm-line")
      .nth(number - 1)
      .waitFor();
  await enter("function twice(n: number) {");
  await newLine(2);
  await enter("return 2 * n", { isMore: true });
  await newLine(3);
  expect(await ran.count()).toBe(before);
  await enter("}", { isMore: true });
  await ran.nth(before).waitFor();
  await enter("twice(shared)");
  await lab.page.locator(".jp-CodeConsole-content").getByText("80", { exact: true }).waitFor();
});

test("the arrow goes back in the history, also to that of an earlier session", {
  timeout: limit,
}, async () => {
  await line.click();
  await lab.page.keyboard.press("ArrowUp");
  await expect.poll(() => line.innerText(), { timeout: patience }).toBe("twice(shared)");
  await lab.menu("Kernel", "Shut Down All Kernels…");
  await lab.page.locator(".jp-Dialog .jp-mod-accept").click();
  await expect.poll(() => lab.kernels(), { timeout: patience }).toEqual([]);
  await lab.notebook("later.ipynb", { empty: "" });
  await lab.menu("File", "New Console for Notebook");
  await lab.page.locator(".jp-CodeConsole", { hasText: /Lectern .* TypeScript/ }).waitFor();
  await line.click();
  const found = async () => {
    const text = (await line.innerText()).trim();
    // without effect until the console has got the history
    if (text === "") await lab.page.keyboard.press("ArrowUp");
    return text;
  };
  await expect.poll(found, { timeout: patience, interval: 500 }).not.toBe("");
  expect(await line.innerText()).toBe("twice(shared)");
});

test("an untrusted notebook shows its table, its chart and its picture", { timeout: limit }, async () => {
  const source = join(lab.place.notebooks, "source.ipynb");
  writeNotebook(source, [
    code(`import { plot, tensor } from ${library};\ntensor([[1, 2], [3, 4]])`),
    code("plot.line({ x: [1, 2, 3], y: [1, 4, 9], title: 'squares' })"),
    code(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>bold</b><script>document.title = \'run\'</script>", "text/plain": "bold" }) })',
    ),
  ]);
  const run = await lab.place.lectern("run", source, "--output", join(lab.place.notebooks, "foreign.ipynb"));
  expect(run).toMatchObject({ code: 0, stderr: "" });
  await lab.open("foreign.ipynb");
  const output = (index: number) =>
    lab.page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".jp-OutputArea-output");
  await output(0).locator("table td", { hasText: "4" }).first().waitFor();
  await output(1).locator(".vega-embed svg, .vega-embed canvas, img").first().waitFor();
  await output(2).locator("b", { hasText: "bold" }).waitFor();
  expect(await lab.page.title()).not.toBe("run");
});

async function enter(text: string, { isMore = false } = {}): Promise<void> {
  if (!isMore) await line.click();
  await lab.page.keyboard.type(text);
  await lab.page.keyboard.press("Enter");
}
