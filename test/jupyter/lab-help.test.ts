// What JupyterLab shows while one writes: suggestions, the tooltip, the panel with contextual help.
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Lab, type LabNotebook, limit, patience } from "./lab.ts";

const cells = {
  setup: `interface Person { name: string; age: number; greet?(): string }
const ada: Person = { name: "Ada", age: 36 };
/**
 * Greets a person, **loudly** if need be.
 * @param person who is greeted
 * @param times how often
 */
function greet(person: Person, times = 1): string { return person.name.repeat(times); }
class Greeting { constructor(readonly text: string) {} }`,
  members: "ada.",
  names: "gree",
  call: "greet(ada, 2)",
  loop: "while (true) {}",
};
let lab: Lab;
let notebook: LabNotebook<keyof typeof cells>;
let popup: Locator;

beforeAll(async () => {
  // JupyterLab leaves out suggestions that take longer than a second.
  lab = await Lab.start({ "@jupyterlab/completer-extension:manager": { providerTimeout: patience } });
  notebook = await lab.notebook("writing.ipynb", cells);
  popup = lab.page.locator(".jp-Completer:visible");
  await notebook.run("setup");
}, limit);
afterAll(() => lab?.stop(), limit);

test("Tab lists members with their kinds, and a click takes one", { timeout: limit }, async () => {
  expect(await suggestions("members", "ada.")).toEqual([
    ["age", "property"],
    ["greet", "function"],
    ["name", "property"],
  ]);
  const icon = popup
    .locator(".jp-Completer-item", { hasText: "age" })
    .locator(".jp-Completer-monogram, .jp-Completer-icon");
  expect(await icon.count()).toBe(1);
  await popup.getByText("name", { exact: true }).click();
  await expect.poll(() => notebook.text("members"), { timeout: patience }).toBe("ada.name");
});

test("Tab knows the names of earlier cells", { timeout: limit }, async () => {
  expect((await suggestions("names", "gree")).filter(([name]) => /^greet/i.test(name))).toEqual([
    ["greet", "function"],
    ["Greeting", "class"],
  ]);
  await lab.page.keyboard.press("Escape");
});

test("Tab answers while a cell is running", { timeout: limit }, async () => {
  await notebook.start("loop");
  await notebook.isRunning("loop");
  expect(await suggestions("members", "ada.")).toContainEqual(["age", "property"]);
  await lab.page.keyboard.press("Escape");
  await notebook.button("notebook:interrupt-kernel");
  await notebook.idle();
});

test("Shift+Tab shows the type and the comment, as formatted text", { timeout: limit }, async () => {
  await notebook.cursorBehind("call", "gre");
  await lab.page.keyboard.press("Shift+Tab");
  const tooltip = lab.page.locator(".jp-Tooltip");
  await tooltip
    .locator("pre", { hasText: "function greet(person: Person, times?: number): string" })
    .waitFor();
  await tooltip.locator("strong", { hasText: "loudly" }).waitFor();
  await tooltip.locator("code", { hasText: "times" }).first().waitFor();
  expect(await tooltip.innerText()).not.toMatch(/```|\*\*/);
  await lab.page.keyboard.press("Escape");
});

test("the panel with contextual help follows the cursor", { timeout: limit }, async () => {
  await lab.menu("Help", "Show Contextual Help");
  const panel = lab.page.locator(".jp-Inspector");
  await notebook.cursorBehind("call", "gre");
  await panel.getByText("who is greeted").waitFor();
  await notebook.cursorBehind("call", "greet(ad");
  await panel.getByText("const ada: Person", { exact: true }).waitFor();
  await panel.getByText(/Declared in Cell \[\d+\], line \d+/).waitFor();
  expect(await panel.getByText("who is greeted").count()).toBe(0);
});

/** What the popup lists with the cursor behind `text`: names and their kinds. */
async function suggestions(name: keyof typeof cells, text: string): Promise<[string, string][]> {
  await notebook.cursorBehind(name, text);
  await lab.page.keyboard.press("Tab");
  const items = popup.locator(".jp-Completer-item");
  await items.first().waitFor();
  await items.first().locator(".jp-Completer-typeExtended").waitFor();
  const texts = (part: string) => items.locator(part).allInnerTexts();
  const [names, kinds] = await Promise.all([
    texts(".jp-Completer-match"),
    texts(".jp-Completer-typeExtended"),
  ]);
  return names.map((found, i) => [found.trim(), kinds[i]?.trim() ?? ""]);
}
