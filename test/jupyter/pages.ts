// Opens a page of the course in a browser without a network, on a screen and on a phone, and says what a reader would miss.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { patience, startBrowser } from "./lab.ts";

const WIDTHS = [1280, 400];

export class PageReader {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<PageReader> {
    return new PageReader(await startBrowser());
  }

  stop(): Promise<void> {
    return this.#browser.close();
  }

  /** Requests, complaints of the browser, pictures without size or description, links to nowhere, what is too wide. */
  async faults(file: string): Promise<string[]> {
    const found: string[] = [];
    for (const width of WIDTHS) {
      const context = await this.#browser.newContext({ offline: true, viewport: { width, height: 800 } });
      context.setDefaultTimeout(patience);
      const page = await context.newPage();
      const address = pathToFileURL(file).href;
      page.on("request", (request) => {
        if (request.url() !== address && !request.url().startsWith("data:"))
          found.push(`asks for ${request.url().slice(0, 200)}`);
      });
      page.on("requestfailed", (request) => found.push(`does not get ${request.url().slice(0, 200)}`));
      page.on("pageerror", (error) => found.push(`throws ${error.message}`));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) found.push(`complains: ${message.text()}`);
      });
      await page.goto(address);
      await page.evaluate("document.fonts.ready");
      found.push(...(await lacking(page)).map((fault) => `${fault} (${width} pixels wide)`));
      const files: string[] = await page.evaluate(
        `Array.from(document.querySelectorAll("a[href]"), (a) => a.getAttribute("href")).filter((to) => !/^#|:/.test(to))`,
      );
      found.push(...files.filter((to) => !existsSync(join(dirname(file), to))).map((to) => `leads to ${to}`));
      await context.close();
    }
    return found;
  }
}

/** What can only be seen in the page itself. As text, as the types of a browser are not among ours. */
function lacking(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    for (const picture of document.querySelectorAll("main :is(img, video, canvas, svg:not(.katex svg))")) {
      if (picture.parentElement.closest("svg")) continue;
      const { width, height } = picture.getBoundingClientRect();
      const name = picture.outerHTML.slice(0, 120);
      if (!(width > 0 && height > 0) || picture.naturalWidth === 0) found.push("a picture without a size: " + name);
      if (!(picture.alt ?? picture.getAttribute("aria-label"))) found.push("a picture without a description: " + name);
    }
    for (const link of document.querySelectorAll('a[href^="#"]')) {
      const to = decodeURIComponent(link.getAttribute("href").slice(1));
      if (!document.getElementById(to)) found.push("a link to no place: #" + to);
    }
    const names = Array.from(document.querySelectorAll("[id]"), ({ id }) => id);
    found.push(...new Set(names.filter((id, i) => names.indexOf(id) !== i).map((id) => "two places named " + id)));
    if (/[\\uE000\\uE001]/.test(document.body.textContent)) found.push("a formula that was not put in");
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push("wider than the screen: " + scrollWidth);
    return found;
  })()`);
}
