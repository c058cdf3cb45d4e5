// `lectern doctor`: examines everything Lectern stands on, prints what it found, and says clearly what is broken.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Server } from "../language/server.ts";
import { kernelsFolder, searchedFolders } from "./kernelspec.ts";
import { missing, ourSpecs } from "./status.ts";
import { version } from "./version.ts";

interface Finding {
  about: string;
  text: string;
  problem: boolean;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const EXAMINE_LIMIT_MS = 60_000;

/** Resolves to the exit code: 1 when something is broken. */
export async function doctor(): Promise<number> {
  console.log(`Lectern ${version}`);
  let problems = 0;
  const examinations = [
    examineNode,
    examineKernels,
    examineLanguageServer,
    examineSockets,
    examineComputeCore,
  ];
  for (const examination of examinations) {
    for (const { about, text, problem } of await examination()) {
      console.log(`${problem ? "✗" : "✓"} ${about.padEnd(16)} ${text}`);
      if (problem) problems++;
    }
  }
  if (problems > 0) console.log(`\n${problems === 1 ? "One problem" : `${problems} problems`}: see ✗ above.`);
  return problems > 0 ? 1 : 0;
}

function fine(about: string, text: string): Finding {
  return { about, text, problem: false };
}

function broken(about: string, text: string): Finding {
  return { about, text, problem: true };
}

function examineNode(): Finding[] {
  return [fine("node", `${process.versions.node} (${process.execPath})`)];
}

function examineKernels(): Finding[] {
  // `npm start` makes an environment of its own, which nobody activates.
  const folders = new Set([...searchedFolders(), kernelsFolder({ prefix: join(root, ".venv") })]);
  const found = ourSpecs([...folders]);
  if (found.length === 0)
    return [
      fine(
        "kernel",
        "not installed yet: `npm start` does it for itself, `lectern install --user` for a Jupyter of yours",
      ),
    ];
  return found.map(({ folder, spec }) => {
    const [file] = missing(spec);
    if (file === undefined) return fine("kernel", `${spec.display_name}: ${folder}`);
    return broken("kernel", `${folder} names ${file}, which is not there: run \`lectern install\` again`);
  });
}

async function examineLanguageServer(): Promise<Finding[]> {
  const about = "language server";
  const folder = mkdtempSync(join(tmpdir(), "lectern-doctor-"));
  try {
    const started = performance.now();
    const server = await Server.start(folder, "tsconfig.json");
    const took = Math.round(performance.now() - started);
    await server.stop();
    return [fine(about, `starts in ${took} ms`)];
  } catch (error) {
    return [
      broken(about, `does not start, so there is no check of types and no completion: ${reason(error)}`),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function examineSockets(): Promise<Finding[]> {
  try {
    const { Router, version: library } = await import("zeromq");
    const socket = new Router();
    await socket.bind("tcp://127.0.0.1:*");
    socket.close();
    return [fine("zeromq", `libzmq ${library}, sockets can be opened`)];
  } catch (error) {
    return [broken("zeromq", `sockets cannot be opened, so no kernel can run: ${reason(error)}`)];
  }
}

/** The library examines its own core, in a process that may break. */
function examineComputeCore(): Finding[] {
  const program = join(root, "lib", "engine", "examine.ts");
  const { stdout, stderr, signal, status, error } = spawnSync(process.execPath, [program], {
    encoding: "utf8",
    timeout: EXAMINE_LIMIT_MS,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    const end = error ? error.message : signal ? `ended by ${signal}` : `ended with code ${status}`;
    return [broken("compute core", `its examination gave no answer: ${end}\n${stderr ?? ""}`.trimEnd())];
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.constructor.name : error.message;
}
