// Animations as a browser draws them: they move, keep what they clip, and stand still for those who want no motion.
import { decode } from "fast-png";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DISPLAY } from "../../../lib/plot/bundle.ts";
import { plot } from "../../../lib/plot/plot.ts";
import { findChromium } from "../../../setup/chromium.mjs";

// a curve that is cut at the ends of the axes rises from frame to frame
const film = plot.animation((i) => plot.line({ y: [0, i + 1, i + 1], xRange: [0, 1.5], yRange: [-1, 4] }), {
  frames: 4,
  fps: 10,
  hold: 0.2,
});
/** For a busy machine. */
const PATIENCE_MS = 100_000;
const CURVE = [0x3b, 0x82, 0xc4];

let browser: Browser;
let html: string;

beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error("No Chromium: run the tests with `npm test`, which finds or installs one.");
  browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
    timeout: PATIENCE_MS,
  });
  html = String((await film[DISPLAY]())["text/html"]);
});

afterAll(() => browser.close());

async function open(reducedMotion: "reduce" | "no-preference"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 700, height: 500 }, reducedMotion });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setContent(html);
  await page.evaluate("document.querySelector('img').decode()");
  return page;
}

/** The height of the curve's highest pixel in the picture, as it is now. */
async function top(image: Locator): Promise<number> {
  const { data, width, channels } = decode(await image.screenshot());
  for (let i = 0; i < data.length; i += channels)
    if (CURVE.every((part, channel) => Math.abs(data[i + channel] - part) < 8))
      return Math.floor(i / channels / width);
  throw new Error("no curve in the picture");
}

test("every frame shows its curve", async () => {
  const page = await open("no-preference");
  const seen = new Set<number>();
  const look = async () => seen.add(await top(page.locator("img").first())).size;
  await expect.poll(look, { interval: 30 }).toBe(film.length);
  await page.close();
});

test("with less motion the last frame stands still", async () => {
  const page = await open("reduce");
  const image = page.locator("img").first();
  const first = await image.screenshot();
  const height = await top(image);
  await page.waitForTimeout(700);
  expect((await image.screenshot()).equals(first)).toBe(true);
  // frame by frame: the last one in the strip is as high
  await page.locator("summary").last().click();
  await page.locator("div").evaluate((strip) => strip.scrollTo(1e6, 0));
  const strip = page.locator("div img");
  await expect.poll(async () => Math.abs((await top(strip)) - height)).toBeLessThan(60);
  await page.close();
});

test("a click on the title hides it", async () => {
  const page = await open("no-preference");
  const image = page.locator("img").first();
  await page.locator("summary").first().click();
  expect(await image.isVisible()).toBe(false);
  await page.close();
});
