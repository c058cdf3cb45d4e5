// SVG drawings that are alike in most parts: what occurs several times is written once.

const TAG = /<(\/?)([\w:]+)(?:\s+[\w:-]+="[^"]*")*\s*(\/?)>/g;
/** Shorter elements are not worth a name. */
const SHORTEST = 60;

/** An element with where it stands in the text. */
interface Element {
  readonly start: number;
  end: number;
  readonly name: string;
  readonly children: Element[];
}

/**
 * Finds the elements that occur several times in the drawings; gives them once, as definitions, and the drawings with
 * references in their place. Of frames of an animation, axes and everything else that stands still is so written once.
 */
export function shareElements(drawings: readonly string[]): { definitions: string; drawings: string[] } {
  const sources = shareNames(drawings);
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
    visit(trees[i], ({ start, end, name }) => {
      const markup = source.slice(start, end);
      if (end - start < SHORTEST || (counts.get(markup) ?? 0) < 2 || name === "defs" || / id="/.test(markup))
        return true;
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
  const definitions = [...names].map(([markup, name]) => `<g id="${name}">${markup}</g>`);
  return {
    definitions: definitions.length > 0 ? `<defs>${definitions.join("")}</defs>` : "",
    drawings: shared,
  };
}

/** Gives the elements that have names of their own new ones, equal for equal elements, so that one file can hold them all. */
function shareNames(drawings: readonly string[]): string[] {
  const names = new Map<string, string>();
  return drawings.map((source) => {
    const renamed = new Map<string, string>();
    for (const [all, , old] of source.matchAll(/<(\w+) [^>]*?\bid="([^"]+)"[^>]*>.*?<\/\1>/gs)) {
      const content = all.replace(` id="${old}"`, "");
      if (!names.has(content)) names.set(content, `n${names.size}`);
      renamed.set(old, names.get(content) as string);
    }
    if (renamed.size === 0) return source;
    return source.replace(/( id="|url\(#|href="#)([^")]+)/g, (all, before: string, old: string) =>
      renamed.has(old) ? before + renamed.get(old) : all,
    );
  });
}

function parse(source: string): Element[] {
  const roots: Element[] = [];
  const open: Element[] = [];
  for (const match of source.matchAll(TAG)) {
    const [markup, closes, name, isEmpty] = match;
    const end = match.index + markup.length;
    if (closes) {
      const element = open.pop();
      if (element) element.end = end;
      continue;
    }
    const element = { start: match.index, end, name, children: [] };
    (open.at(-1)?.children ?? roots).push(element);
    if (!isEmpty) open.push(element);
  }
  return roots;
}

/** Goes through the elements from outside in, into those for which `enter` says so. */
function visit(elements: readonly Element[], enter: (element: Element) => boolean): void {
  for (const element of elements) if (enter(element)) visit(element.children, enter);
}
