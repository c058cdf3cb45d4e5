// Python environments inside the repository: .venv for `npm start`, .venv-test for `npm test`, .venv-bench for the peers we
// measure against.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { download, onWindows, output, root, run, SetupError, say } from "./run.mjs";
import { hash, unlessStamped } from "./stamp.mjs";

const oldest = [3, 10];

const sources = join(root, "python");

/**
 * Makes the environment `folder` from files of exact pins, or leaves it alone when it is already that. With `ownPackage`,
 * the package in python/ goes into it too.
 */
export async function ensurePython(folder, requirements, about, { ownPackage = false } = {}) {
  const prefix = join(root, folder);
  const files = requirements.map((name) => join(sources, name));
  const made = ownPackage ? [...files, ...packageFiles()] : files;
  const system = findPython();
  // The path belongs to the stamp: an environment holds absolute paths, so one that was moved is made anew.
  const wanted = hash([...made.map((file) => readFileSync(file)), system.version, prefix]);
  await unlessStamped(join(prefix, "lectern-stamp"), wanted, async () => {
    say(`making ${folder} with ${about} (once; a minute or two)`);
    if (!existsSync(pythonOf(prefix)) || versionOf(pythonOf(prefix)) !== system.version) {
      await makeEnvironment(system, prefix);
    }
    // Twice quiet: errors still come through.
    const quiet = ["-qq", "--disable-pip-version-check", "--no-input"];
    const install = [...["-m", "pip", "install"], ...quiet];
    await download(pythonOf(prefix), [...install, ...files.flatMap((file) => ["-r", file])]);
    // What builds it is among the pins; pip would otherwise fetch the newest.
    if (ownPackage) await run(pythonOf(prefix), [...install, "--no-build-isolation", "--no-deps", sources]);
  });
  return { prefix, python: pythonOf(prefix) };
}

function packageFiles() {
  const folder = join(sources, "lectern_jupyter");
  const modules = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return [join(sources, "pyproject.toml"), ...modules.sort().map((name) => join(folder, name))];
}

async function makeEnvironment(system, prefix) {
  if (output(system.command, [...system.args, "-c", "import venv, ensurepip"]) === null) {
    throw new SetupError(
      `Python ${system.version} is here, but the parts that make environments (venv, ensurepip) are missing.\n` +
        "  Debian, Ubuntu:  sudo apt-get install python3-venv\n" +
        "  elsewhere:       install Python from https://www.python.org/downloads/",
    );
  }
  await run(system.command, [...system.args, "-m", "venv", "--clear", prefix]);
}

function findPython() {
  const candidates = onWindows
    ? [
        ["py", ["-3"]],
        ["python", []],
        ["python3", []],
      ]
    : [["python3", []], ["python", []], ...newer().map((name) => [name, []])];
  let found = null;
  for (const [command, args] of candidates) {
    const version = versionOf(command, args);
    if (version === null) continue;
    if (isRecent(version)) return { command, args, version };
    found ??= version;
  }
  throw new SetupError(
    `${found ? `Python ${found} is too old` : "Python is missing"}: JupyterLab needs Python ${oldest.join(".")} or newer.\n` +
      "  Debian, Ubuntu:  sudo apt-get install python3 python3-venv\n" +
      "  macOS:           brew install python   (or https://www.python.org/downloads/)\n" +
      "  Windows:         winget install Python.Python.3.13",
  );
}

/** Systems whose python3 is old often have a newer one beside it, under its full name. */
function newer() {
  return ["python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
}

function versionOf(command, args = []) {
  return output(command, [...args, "-c", "import platform; print(platform.python_version())"]);
}

function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === oldest[0] && minor >= oldest[1];
}

function pythonOf(prefix) {
  return onWindows ? join(prefix, "Scripts", "python.exe") : join(prefix, "bin", "python");
}
