// `name?`: what is known of a name, or of a magic, on a page of its own.
import type { Payload } from "../process/protocol.ts";
import type { FoundMagic } from "./recognise.ts";
import { magicHelp, magicNamed } from "./table.ts";

interface Known {
  readonly plain: string;
  readonly markdown: string;
}

/** What is known of the magic whose line the cursor is in; the TypeScript behind `%time` is not the magic's. */
export function helpAt(magics: readonly FoundMagic[], cursor: number): Known | null {
  const at = magics.find(({ start, end }) => start <= cursor && cursor <= end);
  const magic = at && at.kind !== "command" ? magicNamed(at.name.replace(/^%+/, "")) : undefined;
  if (at === undefined || magic === undefined) return null;
  return magic.argument === "rest" && cursor >= at.argumentStart ? null : magicHelp(magic);
}

/** `ask` tells what is known at an offset of a text. */
export async function helpPage(
  { name }: FoundMagic,
  ask: (text: string, offset: number) => Promise<Known | null>,
): Promise<Payload> {
  const magic = name.startsWith("%") ? magicNamed(name.replace(/^%+/, "")) : undefined;
  const known = magic === undefined ? await ask(name, name.length) : magicHelp(magic);
  const isKnown = known !== null && known.plain !== "any"; // what the server says of a name that nothing declares
  const { plain, markdown } = isKnown
    ? known
    : {
        plain: `Nothing is known of ${name}.`,
        markdown: `Nothing is known of \`${name}\`.`,
      };
  return { source: "page", data: { "text/plain": plain, "text/markdown": markdown }, start: 0 };
}
