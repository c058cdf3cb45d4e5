// Can a text in the browser be read? Its colour, what is behind it, and how far apart the two are.
import type { Locator } from "playwright-core";

export interface Colors {
  readonly color: number[];
  /** What is behind the text, all layers. */
  readonly backgrounds: number[][];
}

export async function colorsOf(part: Locator): Promise<Colors> {
  return part.evaluate((element) => {
    const { getComputedStyle } = globalThis as unknown as {
      getComputedStyle(of: unknown): Record<string, string>;
    };
    const numbers = (text = "") => (text.match(/[\d.]+/g) ?? []).map(Number);
    const backgrounds: number[][] = [];
    for (let at = element as { parentElement: typeof at } | null; at; at = at.parentElement)
      backgrounds.push(numbers(getComputedStyle(at).backgroundColor));
    return { color: numbers(getComputedStyle(element).color), backgrounds };
  });
}

/** The ratio of the brightnesses, as WCAG defines it: 1 is unreadable, 21 is black on white. */
export function contrast({ color, backgrounds }: Colors): number {
  let behind = [255, 255, 255];
  for (const [red = 0, green = 0, blue = 0, opacity = 1] of backgrounds.toReversed())
    behind = [red, green, blue].map(
      (channel, i) => channel * opacity + (behind[i] as number) * (1 - opacity),
    );
  const [dark, light] = [luminance(color), luminance(behind)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color.map((channel) =>
    channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
