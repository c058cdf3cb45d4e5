// Small notebooks for the tests.
import { writeFileSync } from "node:fs";

interface CellOptions {
  id?: string;
  tags?: string[];
}

export function code(source: string, { id, tags }: CellOptions = {}): object {
  return {
    cell_type: "code",
    id: id ?? newId(),
    metadata: tags ? { tags } : {},
    execution_count: null,
    outputs: [],
    source,
  };
}

export function markdown(source: string): object {
  return { cell_type: "markdown", id: newId(), metadata: {}, source };
}

let count = 0;

function newId(): string {
  count++;
  return `cell-${count}`;
}

export function writeNotebook(
  path: string,
  cells: object[],
  kernel = "lectern",
  language = "typescript",
): void {
  const kernelspec = { name: kernel, display_name: "TypeScript (Lectern)", language };
  // nbconvert colours code by what the file says before it runs it.
  const metadata = { kernelspec, language_info: { name: language } };
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
}

/** A cell that shows a picture: a red square of 48×48 pixels, as a value with the display method. */
export const pictureCell = `const png = "iVBORw0KGgoAAAANSUhEUgAAADAAAAAwCAIAAADYYG7QAAAASUlEQVR4Xu3OMREAIAwAMeQgAv8qEFMJv3bIXQTk/PtWESpCRagIFaEiVISKUBEqQkWoCBWhIlSEilARKkJFqAgVoSJUhMq60ACx9ECmaPcsNwAAAABJRU5ErkJggg==";
display({ [Symbol.for("Jupyter.display")]: () => ({ "image/png": png, "text/plain": "a red square" }) });`;
