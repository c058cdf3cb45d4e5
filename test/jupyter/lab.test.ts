// JupyterLab in a browser: what a student does with a notebook, click by click.
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChromium } from "../../setup/chromium.mjs";
import { code, pictureCell, writeNotebook } from "./notebooks.ts";
import { Place, type Server } from "./programs.ts";

const place = new Place();
let server: Server;
let browser: Browser;
let page: Page;

// One after the other: each test works in the notebook as the one before it left it.
const cells = {
  sum: 'const words: string[] = ["a", "b"];\nwords.length + 40',
  picture: pictureCell,
  error: 'function fail(): never {\n  throw new RangeError("out of chalk");\n}\nfail()',
  loop: "while (true) {}",
  completion: "words.ma",
  again: 'words.join("+")',
};
const order = Object.keys(cells) as (keyof typeof cells)[];

beforeAll(async () => {
  await place.installKernel();
  writeNotebook(
    join(place.notebooks, "lesson.ipynb"),
    order.map((name) => code(cells[name])),
  );
  server = await place.server("jupyterlab");
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error("No Chromium: run the tests with `npm test`, which finds or installs one.");
  const quiet = ["disable-quic", "no-first-run", "disable-background-networking", "disable-component-update"];
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--disable-sync", ...quiet.map((option) => `--${option}`)],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${server.url}lab/tree/lesson.ipynb?token=${server.token}`);
  await cell("sum").waitFor();
  await idle();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  place.remove();
}, 60_000);

const limit = 120_000;

/** What the browser has where Node has nothing. */
interface Window {
  getComputedStyle(element: unknown): { color: string };
}

test("a cell runs and its result shows", { timeout: limit }, async () => {
  await run("sum");
  await output("sum").getByText("42").waitFor();
  expect(await prompt("sum")).toBe("[1]:");
});

test("code is coloured as TypeScript", { timeout: limit }, async () => {
  const keyword = cell("sum").locator(".cm-line span", { hasText: /^const$/ });
  const plain = cell("sum").locator(".cm-content");
  const color = (locator: Locator) =>
    locator.first().evaluate((element) => (globalThis as unknown as Window).getComputedStyle(element).color);
  await expect
    .poll(async () => (await color(keyword)) !== (await color(plain)), { timeout: 30_000 })
    .toBe(true);
});

test("a picture shows", { timeout: limit }, async () => {
  await run("picture");
  const image = output("picture").locator("img");
  await image.waitFor();
  expect(
    await image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth),
  ).toBe(48);
});

test("an error shows with its place in the cell", { timeout: limit }, async () => {
  await run("error");
  const text = output("error");
  await text.getByText("out of chalk").first().waitFor();
  expect(await text.innerText()).toMatch(/RangeError: out of chalk[\s\S]*Cell \[3\]:2:9/);
});

test("the toolbar's button interrupts a busy loop, and the kernel lives on", { timeout: limit }, async () => {
  await run("loop");
  await expect.poll(() => prompt("loop"), { timeout: 30_000 }).toBe("[*]:");
  await page.locator('[data-command="notebook:interrupt-kernel"]').first().click();
  await output("loop").locator('[data-mime-type="application/vnd.jupyter.stderr"]').waitFor();
  await idle();
  await run("again");
  await output("again").getByText("'a+b'").waitFor();
});

test("Tab completes", { timeout: limit }, async () => {
  await cell("completion").locator(".cm-content").click();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Tab");
  const popup = page.locator(".jp-Completer:visible");
  await popup.waitFor();
  await popup.getByText("map", { exact: true }).first().waitFor();
  await page.keyboard.press("Escape");
});

test("Shift+Tab says what a name is", { timeout: limit }, async () => {
  await cell("sum").locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < "const wo".length; i++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+Tab");
  const tooltip = page.locator(".jp-Tooltip");
  await tooltip.getByText("words: string[]").waitFor();
  await page.keyboard.press("Escape");
});

test("a cell runs again", { timeout: limit }, async () => {
  await run("sum");
  await expect.poll(() => prompt("sum"), { timeout: 30_000 }).toBe("[6]:");
  await output("sum").getByText("42").waitFor();
});

function cell(name: keyof typeof cells): Locator {
  return page.locator(".jp-Notebook .jp-CodeCell").nth(order.indexOf(name));
}

function output(name: keyof typeof cells): Locator {
  return cell(name).locator(".jp-OutputArea");
}

async function prompt(name: keyof typeof cells): Promise<string> {
  return (await cell(name).locator(".jp-InputArea-prompt").innerText()).trim();
}

async function run(name: keyof typeof cells): Promise<void> {
  await cell(name).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
}

async function idle(): Promise<void> {
  await page.getByText("TypeScript (Lectern) | Idle").waitFor();
}
