// SVG drawings that are alike in most parts: what occurs several times is written once.

const TAG = /<(\/?)[\w:]+(?:\s+[\w:-]+="[^"]*")*\s*(\/?)>/g;
const NAMED = /<(\w+)(?: [^>]*)? id="([^"]+)"[^>]*>.*?<\/\1>/gs;
/** Shorter elements are not worth a name. */
const SHORTEST = 60;

/** An element with where it stands in the text. */
interface Element {
  readonly start: number;
  end: number;
  readonly children: Element[];
}

/**
 * Finds the elements that occur several times in the drawings; gives them once, as definitions, and the drawings with
 * references in their place. Of frames of an animation, axes and everything else that stands still is so written once.
 */
export function shareElements(drawings: readonly string[]): { definitions: string; drawings: string[] } {
  const { named, sources } = takeNamed(drawings);
  const trees = sources.map(parse);
  const counts = new Map<string, number>();
  sources.forEach((source, i) => {
    visit(trees[i], ({ start, end }) => {
      const markup = source.slice(start, end);
      counts.set(markup, (counts.get(markup) ?? 0) + 1);
      return true;
    });
  });
  const names = new Map<string, string>();
  const shared = sources.map((source, i) => {
    let result = "";
    let at = 0;
    visit(trees[i], ({ start, end }) => {
      const markup = source.slice(start, end);
      if (end - start < SHORTEST || (counts.get(markup) ?? 0) < 2) return true;
      let reference = names.get(markup);
      if (reference === undefined) {
        reference = `s${names.size}`;
        names.set(markup, reference);
      }
      result += `${source.slice(at, start)}<use href="#${reference}"/>`;
      at = end;
      return false;
    });
    return result + source.slice(at);
  });
  const parts = [...names].map(([markup, name]) => `<g id="${name}">${markup}</g>`);
  const content = named + parts.join("");
  return { definitions: content && `<defs>${content}</defs>`, drawings: shared };
}

/**
 * Takes the elements that have names of their own (clips, arrow tips) out of the drawings, each once under a new name. Within a
 * frame that is hidden they would be hidden too, for all that refer to them.
 */
function takeNamed(drawings: readonly string[]): { named: string; sources: string[] } {
  const names = new Map<string, string>();
  let named = "";
  const sources = drawings.map((source) => {
    const renamed = new Map<string, string>();
    const rest = source.replace(NAMED, (element: string, _tag: string, old: string) => {
      const content = element.replace(` id="${old}"`, "");
      let name = names.get(content);
      if (name === undefined) {
        name = `n${names.size}`;
        names.set(content, name);
        named += element.replace(` id="${old}"`, ` id="${name}"`);
      }
      renamed.set(old, name);
      return "";
    });
    return rest
      .replaceAll("<defs></defs>", "")
      .replace(/(url\(#|href="#)([^")]+)/g, (all, before: string, old: string) =>
        renamed.has(old) ? before + renamed.get(old) : all,
      );
  });
  return { named, sources };
}

function parse(source: string): Element[] {
  const roots: Element[] = [];
  const open: Element[] = [];
  for (const match of source.matchAll(TAG)) {
    const [markup, closes, isEmpty] = match;
    const end = match.index + markup.length;
    if (closes) {
      const element = open.pop();
      if (element) element.end = end;
      continue;
    }
    const element = { start: match.index, end, children: [] };
    (open.at(-1)?.children ?? roots).push(element);
    if (!isEmpty) open.push(element);
  }
  return roots;
}

/** Goes through the elements from outside in, into those for which `enter` says so. */
function visit(elements: readonly Element[], enter: (element: Element) => boolean): void {
  for (const element of elements) if (enter(element)) visit(element.children, enter);
}
