// From executed lectures to pages: nbconvert with our template, formulas and charts ready, nothing from the network.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Notebook, textOf, writeNotebook } from "../kernel/cli/notebook.ts";
import { contentsOf } from "./contents.ts";
import type { Executed } from "./execute.ts";
import { setFormulas } from "./formulas.ts";
import { forPage } from "./outputs.ts";
import { PageParts } from "./parts.ts";
import { stylesFor } from "./styles.ts";

const templates = fileURLToPath(new URL("templates", import.meta.url));

/** A page and its title, as others link to it. */
interface Link {
  readonly file: string;
  readonly title: string;
}

/** What becomes a page. */
interface Source {
  /** The notebook's file name. */
  readonly name: string;
  readonly notebook: Notebook;
  /** What the template reads: see {@link courseOf}. */
  readonly course: object;
}

/** Writes a page for each lecture and an index into `folder`, with the nbconvert of `python`. */
export async function writePages(
  lectures: readonly Executed[],
  folder: string,
  python: string,
): Promise<string[]> {
  const links = lectures.map(
    ({ path, notebook }): Link => ({ file: pageName(path), title: titleOf(notebook, path) }),
  );
  const sources = lectures.map(
    ({ path, notebook }, i): Source => ({
      name: basename(path),
      notebook,
      course: courseOf(links[i]!.title, links[i - 1], links[i + 1]),
    }),
  );
  const index = courseOf("Lectures", undefined, links[0]);
  sources.push({ name: "index.ipynb", notebook: indexOf(lectures, links), course: index });

  const temporary = mkdtempSync(join(tmpdir(), "lectern-pages-"));
  try {
    const parts = sources.map(() => new PageParts());
    for (const [i, source] of sources.entries())
      writeNotebook(join(temporary, source.name), await prepared(source, parts[i]!));
    const names = sources.map(({ name }) => name);
    await convert(python, temporary, names);
    mkdirSync(folder, { recursive: true });
    return names.map((name, i) => {
      const html = readFileSync(join(temporary, pageName(name)), "utf8");
      const file = join(folder, pageName(name));
      writeFileSync(file, finished(parts[i]!.putInto(html)));
      return file;
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What the template reads in a notebook's metadata. */
function courseOf(title: string, previous: Link | undefined, next: Link | undefined): object {
  return { title, previous: previous ?? null, next: next ?? null };
}

/** The notebook with what the template and nbconvert shall find in it. */
async function prepared({ name, notebook, course }: Source, parts: PageParts): Promise<Notebook> {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "markdown" ? { ...cell, source: setFormulas(textOf(cell.source), parts, name) } : cell,
  );
  const metadata = { ...notebook.metadata, course };
  return forPage({ ...notebook, cells, metadata }, parts, name);
}

/** All in one process: starting it takes longer than a page. */
async function convert(python: string, folder: string, names: readonly string[]): Promise<void> {
  const options = ["--to", "html", "--template", "lecture", "--log-level", "WARN"];
  const places = [`--TemplateExporter.extra_template_basedirs=${templates}`];
  const child = spawn(python, ["-m", "nbconvert", ...options, ...places, ...names], {
    cwd: folder,
    // No settings of the person who happens to run it.
    env: { ...process.env, JUPYTER_CONFIG_DIR: folder, JUPYTER_NO_CONFIG: "1", JUPYTER_PLATFORM_DIRS: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`nbconvert ended with ${code}:\n${complaints}`);
}

function finished(page: string): string {
  // A function, as a style sheet or a formula may hold what means something in a replacement.
  return page
    .replace("<!-- contents -->", () => contentsOf(page))
    .replace("<!-- styles -->", () => stylesFor(page))
    .replace(/(href="[\w-]+)\.ipynb(?=[#"])/g, "$1.html") // from one lecture to another
    .replace(/[ \t]+$/gm, "");
}

function indexOf(lectures: readonly Executed[], links: readonly Link[]): Notebook {
  const entries = links.map(
    ({ file, title }, i) => `1. [${title}](${file})  \n   ${introductionOf(lectures[i]!.notebook)}`,
  );
  const welcome =
    "Every page is a notebook as it ran: text, code, and what the code shows. `npm start` opens the notebooks " +
    "themselves, to change a number and see what happens.";
  const source = `# Deep learning, one example at a time\n\n${welcome}\n\n${entries.join("\n\n")}\n`;
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ id: "index", cell_type: "markdown", metadata: {}, source }],
  };
}

/** The first heading. */
function titleOf(notebook: Notebook, path: string): string {
  const heading = /^# +(.+)$/m.exec(firstText(notebook))?.[1];
  return heading ?? basename(path, ".ipynb");
}

/** The first paragraph behind the heading. */
function introductionOf(notebook: Notebook): string {
  const [, paragraph = ""] = /^# +.+\n+((?:.+\n?)+)/m.exec(firstText(notebook)) ?? [];
  return paragraph.trim().replace(/\s+/g, " ");
}

function firstText({ cells }: Notebook): string {
  const first = cells.find((cell) => cell.cell_type === "markdown");
  return first === undefined ? "" : textOf(first.source);
}

export function pageName(notebook: string): string {
  return `${basename(notebook, ".ipynb")}.html`;
}
