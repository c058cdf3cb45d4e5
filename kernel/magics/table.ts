// The magics, and what can be said about them.
import { closest } from "../language/spelling.ts";
import { cd } from "./cd.ts";
import { env } from "./env.ts";
import { load } from "./load.ts";
import type { Magic } from "./magic.ts";
import { reset } from "./reset.ts";
import { time } from "./time.ts";
import { typecheck } from "./typecheck.ts";
import { who, whos } from "./who.ts";
import { writefile } from "./writefile.ts";

const magics: Magic = {
  name: "magics",
  marks: ["%"],
  usage: "%magics",
  summary: "lists all this",
  argument: /^$/,
  run: (user) => user.print(listing()),
};

export const MAGICS: readonly Magic[] = [time, env, cd, reset, load, writefile, who, whos, typecheck, magics];

const BY_NAME = new Map(MAGICS.map((magic) => [magic.name, magic]));

export function magicNamed(name: string): Magic | undefined {
  return BY_NAME.get(name);
}

/** A line a magic. */
function listing(): string {
  const rows = [
    ...MAGICS.map(({ marks, name, summary }) => [marks.map((mark) => mark + name).join(" "), summary]),
    ["!command", "runs a shell command; _exit_code is what it ended with"],
    ["name?", "shows the type and the documentation of a name; %time? those of a magic"],
  ] as [string, string][];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, summary]) => `${name.padEnd(width)}  ${summary}\n`).join("");
}

/** What is known of a magic, for people. */
export function magicHelp({ usage, summary, details }: Magic): { plain: string; markdown: string } {
  const sentence = `${summary[0]?.toUpperCase()}${summary.slice(1)}.`;
  const text = details === undefined ? sentence : `${sentence}\n\n${details}`;
  const forms = usage.replaceAll(" · ", "\n");
  return { plain: `${forms}\n\n${text}`, markdown: `\`\`\`\n${forms}\n\`\`\`\n\n${text}` };
}

/** Why there is no such magic, and which was probably meant. */
export function unknownMagic(written: string): string {
  const meant = closest(written.replace(/^%+/, "").toLowerCase(), [...BY_NAME.keys()]);
  const proposal = meant === undefined ? "" : ` Did you mean ${BY_NAME.get(meant)?.marks[0]}${meant}?`;
  return `There is no magic ${written}.${proposal} %magics lists all.`;
}
