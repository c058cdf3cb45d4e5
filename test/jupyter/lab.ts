// JupyterLab in a browser for the tests: one server, one page, and what a person does there, click by click.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";
import { findChromium } from "../../setup/chromium.mjs";
import { code, writeNotebook } from "./notebooks.ts";
import { Place, type Server } from "./programs.ts";

/** For tests in a browser, and for what they wait for: for what hangs, as a busy machine takes many times what an idle one takes. */
export const limit = 600_000;
export const patience = 240_000;

export class Lab {
  readonly place: Place;
  readonly page: Page;
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(place: Place, server: Server, browser: Browser, page: Page) {
    this.place = place;
    this.page = page;
    this.#server = server;
    this.#browser = browser;
  }

  /** Starts a server with the kernel and a browser. `settings`: by the names of JupyterLab's plugins. */
  static async start(settings: Record<string, object> = {}): Promise<Lab> {
    const place = new Place();
    await place.installKernel();
    const [server, browser] = await Promise.all([place.server("jupyterlab"), startBrowser()]);
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(patience);
    const lab = new Lab(place, server, browser, page);
    for (const [plugin, values] of Object.entries(settings)) await lab.#set(plugin, values);
    return lab;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    this.place.remove();
  }

  /** Opens a notebook of these cells, by name, and waits for its kernel. */
  async notebook<Name extends string>(
    file: string,
    cells: Readonly<Record<Name, string>>,
  ): Promise<LabNotebook<Name>> {
    const names = Object.keys(cells) as Name[];
    const sources = names.map((name) => code(cells[name]));
    writeNotebook(join(this.place.notebooks, file), sources);
    await this.open(file);
    const notebook = new LabNotebook(this, names, file);
    await notebook.idle();
    return notebook;
  }

  /** Loads the page anew, with nothing open but this file. */
  async open(file: string): Promise<void> {
    await this.page.goto(`${this.#server.url}lab/tree/${file}?token=${this.#server.token}&reset`);
    await this.page.locator(".jp-NotebookPanel .jp-Cell").first().waitFor();
  }

  /** The numbers of the kernels that run. */
  async kernels(): Promise<string[]> {
    const headers = { Authorization: `token ${this.#server.token}` };
    const answer = await fetch(`${this.#server.url}api/kernels`, { headers });
    return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
  }

  /** Chooses an entry of the menus. */
  async menu(bar: string, ...entries: string[]): Promise<void> {
    await this.page.locator(".lm-MenuBar-itemLabel", { hasText: new RegExp(`^${bar}$`) }).click();
    for (const entry of entries)
      await this.page.locator(".lm-Menu-itemLabel", { hasText: new RegExp(`^${entry}$`) }).click();
  }

  async #set(plugin: string, values: object): Promise<void> {
    const url = `${this.#server.url}lab/api/settings/${plugin}`;
    const headers = { Authorization: `token ${this.#server.token}` };
    const body = JSON.stringify({ raw: JSON.stringify(values) });
    const { ok } = await fetch(url, { method: "PUT", headers, body });
    if (!ok) throw new Error(`${plugin} could not be set`);
  }
}

/** The notebook that is open, its cells by name. */
export class LabNotebook<Name extends string> {
  readonly #page: Page;
  readonly #names: readonly Name[];
  readonly #path: string;

  constructor(lab: Lab, names: readonly Name[], file: string) {
    this.#page = lab.page;
    this.#names = names;
    this.#path = join(lab.place.notebooks, file);
  }

  cell(name: Name): Locator {
    return this.#page.locator(".jp-Notebook .jp-CodeCell").nth(this.#names.indexOf(name));
  }

  output(name: Name): Locator {
    return this.cell(name).locator(".jp-OutputArea");
  }

  /** The count beside the cell, such as `[3]:`; `[*]:` while it runs. */
  async prompt(name: Name): Promise<string> {
    return (await this.cell(name).locator(".jp-InputArea-prompt").innerText()).trim();
  }

  async start(name: Name): Promise<void> {
    await this.editor(name).click();
    await this.#page.keyboard.press("Control+Enter");
  }

  /** Runs the cell to its end, at which it has another count than before. */
  async run(name: Name): Promise<void> {
    const before = await this.prompt(name);
    await this.start(name);
    await this.hasRun(name, before);
    await this.idle();
  }

  async hasRun(name: Name, before = "[ ]:"): Promise<void> {
    await this.#prompt(name, /^\s*\[\d+\]:\s*$/)
      .filter({ hasNotText: before })
      .waitFor();
  }

  /** The count of the cell comes to this. */
  async hasCount(name: Name, count: number): Promise<void> {
    await this.#prompt(name, new RegExp(`^\\s*\\[${count}\\]:\\s*$`)).waitFor();
  }

  async isRunning(name: Name): Promise<void> {
    await this.#prompt(name, /^\s*\[\*\]:\s*$/).waitFor();
    await this.#page.getByText("TypeScript (Lectern) | Busy").waitFor();
  }

  async idle(): Promise<void> {
    await this.#page.getByText("TypeScript (Lectern) | Idle").waitFor();
  }

  editor(name: Name): Locator {
    return this.cell(name).locator(".cm-content");
  }

  /** Puts the cursor behind the first `text` of the cell. */
  async cursorBehind(name: Name, text: string): Promise<void> {
    const source = (await this.editor(name).locator(".cm-line").allInnerTexts()).join("\n");
    const start = source.indexOf(text);
    if (start < 0) throw new Error(`“${text}” is not in the cell`);
    await this.editor(name).click();
    await this.#page.keyboard.press("Control+Home");
    for (let i = 0; i < start + text.length; i++) await this.#page.keyboard.press("ArrowRight");
  }

  async text(name: Name): Promise<string> {
    return (await this.editor(name).innerText()).trim();
  }

  #prompt(name: Name, hasText: RegExp): Locator {
    return this.cell(name).locator(".jp-InputArea-prompt", { hasText });
  }

  /** Clicks a button of the notebook's toolbar. */
  async button(command: string): Promise<void> {
    await this.#page.locator(`.jp-NotebookPanel-toolbar [data-command="${command}"]`).first().click();
  }

  /** Clicks a button that restarts the kernel, and confirms; when it has restarted, JupyterLab connects anew. */
  async restart(command: string): Promise<void> {
    await this.button(command);
    const restarted = this.#page.waitForResponse(/\/api\/kernels\/[^/]+\/restart/);
    await this.#page.locator(".jp-Dialog .jp-mod-accept").click();
    await restarted;
  }

  /** The file as JupyterLab saves it. */
  async saved(): Promise<{ cells: { metadata: Record<string, Record<string, string>> }[] }> {
    await this.button("docmanager:save");
    const unsaved = this.#page.locator(".jp-NotebookPanel.jp-mod-dirty, .lm-TabBar-tab.jp-mod-dirty");
    await expect.poll(() => unsaved.count(), { timeout: patience }).toBe(0);
    return JSON.parse(readFileSync(this.#path, "utf8"));
  }
}

/** How wide a picture is; 0 until it is loaded. */
export function widthOf(image: Locator): Promise<number> {
  return image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth);
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error("No Chromium: run the tests with `npm test`, which finds or installs one.");
  const quiet = ["disable-quic", "no-first-run", "disable-background-networking", "disable-component-update"];
  const args = ["--no-sandbox", "--disable-gpu", "--disable-sync", ...quiet.map((option) => `--${option}`)];
  return chromium.launch({ executablePath, args, timeout: patience });
}
