// `npm run course`: runs every lecture, writes the pages, and counts the rows of the course that the lectures reproduce.
// Arguments: the Python that has nbconvert, and --missing to list the rows that are missing.
import { globSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { executeAll } from "./execute.ts";
import { writePages } from "./pages.ts";
import { countRows } from "./rows.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const lectures = join(root, "notebooks", "lectures");
const output = join(root, "build", "course");

const [python, ...options] = process.argv.slice(2) as [string, ...string[]];

const paths = globSync("*.ipynb", { cwd: lectures })
  .sort()
  .map((name) => join(lectures, name));
const executed = await executeAll(paths, (path) => console.error(`lectern: running ${basename(path)}`));

rmSync(output, { recursive: true, force: true });
const pages = await writePages(executed, output, python);
console.error(`lectern: ${pages.length} pages in build/course/`);

const { known, reproduced, unchecked, unknown } = countRows(executed);
const failures = executed.flatMap(({ path, failure }) =>
  failure === null ? [] : [`${basename(path)}: ${failure}`],
);
for (const failure of failures) console.error(failure);
for (const row of unknown) console.error(`There is no row ${row}: notebooks/rows.json has the IDs.`);
for (const row of unchecked) console.error(`No check passed for ${row}.`);
console.log(`rows reproduced: ${reproduced.size} of ${known.length}`);
if (options.includes("--missing")) console.log(known.filter((row) => !reproduced.has(row)).join("\n"));
process.exitCode = failures.length + unknown.length + unchecked.length > 0 ? 1 : 0;
