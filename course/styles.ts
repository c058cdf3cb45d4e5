// The style sheet of a page: our own, and KaTeX's with those of its fonts that the page's formulas are set in.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const own = new URL("templates/lecture/page.css", import.meta.url);
/** Fonts that nearly every formula needs; the others by what in the page asks for them. */
const ALWAYS = /^KaTeX_(Main-Regular|Math-Italic|Size[1-4]-Regular)$/;
const ASKED: readonly (readonly [classes: RegExp, font: RegExp])[] = [
  [/\b(amsrm|mathbb|textbb)\b/, /AMS/],
  [/\b(mathbf|textbf)\b/, /Main-Bold$/],
  [/\b(mathit|textit)\b/, /Main-Italic/],
  [/\bboldsymbol\b/, /Math-BoldItalic|Main-BoldItalic/],
  [/\b(mathcal|textcal)\b/, /Caligraphic/],
  [/\b(mathfrak|textfrak|mathboldfrak|textboldfrak)\b/, /Fraktur/],
  [/\b(mathscr|textscr)\b/, /Script/],
  [/\b(mathsf|textsf|mathboldsf|textboldsf|mathsfit|mathitsf|textitsf)\b/, /SansSerif/],
  [/\b(mathtt|texttt)\b/, /Typewriter/],
];

/** Everything that the page's looks need, without a file beside it. */
export function stylesFor(html: string): string {
  const styles = readFileSync(own, "utf8");
  if (!html.includes('class="katex')) return styles;
  const classes = new Set(
    Array.from(html.matchAll(/class="([^"]*)"/g), ([, names]) => names)
      .join(" ")
      .split(" "),
  );
  const names = [...classes].join(" ");
  const asked = ASKED.filter(([wanted]) => wanted.test(names)).map(([, font]) => font);
  const isWanted = (font: string) => ALWAYS.test(font) || asked.some((wanted) => wanted.test(font));
  const katexStyles = createRequire(import.meta.url).resolve("katex/dist/katex.css");
  const sheet = readFileSync(katexStyles, "utf8").replace(/@font-face \{[^}]*\}\s*/g, (face) => {
    const [, file, font] = /url\((fonts\/([\w-]+)\.woff2)\)/.exec(face)!;
    if (!isWanted(font!)) return "";
    const data = readFileSync(join(dirname(katexStyles), file!)).toString("base64");
    return face.replace(/src:[^;]*;/, `src: url(data:font/woff2;base64,${data}) format("woff2");`);
  });
  return `${styles}\n${sheet}`;
}
