// Colour scales for pictures of numbers, and the colours of charts: readable with every kind of colour vision.

/** A colour scale: grey from black to white, viridis from dark blue to yellow, diverging from blue over white to red. */
export type Colormap = "gray" | "viridis" | "diverging";

/** Colours of lines and bars, told apart by lightness as well as hue; they read on white and on black. */
export const CATEGORY = [
  "#3b82c4",
  "#e07b1a",
  "#2f9e78",
  "#c45fa0",
  "#8a7a2f",
  "#7a6fd0",
  "#d0524a",
  "#7f8a93",
  "#1ba3b8",
  "#7a4b33",
];

/** Drawn where a number is not finite: a colour that no scale has. */
export const NOT_FINITE: Rgb = [255, 0, 220];

export type Rgb = readonly [number, number, number];

/** A colour whose parts are found one by one: red is number 0. */
export function colorOf(partAt: (part: 0 | 1 | 2) => number): Rgb {
  return [partAt(0), partAt(1), partAt(2)];
}

const STOPS: Record<Colormap, readonly Rgb[]> = {
  gray: [
    [0, 0, 0],
    [255, 255, 255],
  ],
  // viridis by Stéfan van der Walt and Nathaniel Smith (CC0), every 16th of its 256 colours
  viridis: hexColors(
    "440154 481a6c 472f7d 414487 39568c 31688e 2a788e 23888e 1f988b 22a884 35b779 54c568 7ad151 a5db36 d2e21b fde725",
  ),
  // ends and middle steps of the RdBu scheme of ColorBrewer (Cynthia Brewer, Apache licence), blue first
  diverging: hexColors("053061 2166ac 4393c3 92c5de d1e5f0 ffffff fddbc7 f4a582 d6604d b2182b 67001f"),
};

/** The scale's colour at `t` between 0 and 1 (outside: its end). */
export function colorAt(map: Colormap, t: number): Rgb {
  if (Number.isNaN(t)) return NOT_FINITE;
  const stops = STOPS[map];
  const position = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const index = Math.min(Math.floor(position), stops.length - 2);
  const part = position - index;
  const [from, to] = [stops[index], stops[index + 1]];
  return [mix(from[0], to[0], part), mix(from[1], to[1], part), mix(from[2], to[2], part)];
}

/** A scale as a list of CSS colours, for chart specifications. */
export function scaleColors(map: Colormap): string[] {
  return STOPS[map].map(cssColor);
}

export function cssColor(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Black or white, whichever reads better on the colour (relative luminance of WCAG 2). */
export function textColorOn([r, g, b]: Rgb): string {
  const linear = (part: number): number => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

function mix(from: number, to: number, part: number): number {
  return Math.round(from + (to - from) * part);
}

function hexColors(text: string): Rgb[] {
  return text
    .split(" ")
    .map((hex) => colorOf((part) => Number.parseInt(hex.slice(2 * part, 2 * part + 2), 16)));
}
