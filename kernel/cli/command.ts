// The command line of `lectern`: which subcommand is meant, with which options; and how mistakes are answered.
import { parseArgs } from "node:util";
import { doctor } from "./doctor.ts";
import { CommandError } from "./error.ts";
import { install } from "./install.ts";
import { defaultName, type Place } from "./kernelspec.ts";
import { run } from "./run.ts";
import { status } from "./status.ts";
import { uninstall } from "./uninstall.ts";
import { version } from "./version.ts";

const help = `lectern — a TypeScript kernel for Jupyter

  lectern install [--user | --sys-prefix | --prefix P] [--name N] [--display-name D]
      Tells Jupyter about the kernel. Without a place: for this user.
      --sys-prefix   into the active Python environment (VIRTUAL_ENV, CONDA_PREFIX, or python3's own)
      --prefix P     into P/share/jupyter/kernels
      --name N       the kernel's name for Jupyter (default: ${defaultName})
      --display-name D   what JupyterLab's launcher shows

  lectern uninstall [--user | --sys-prefix | --prefix P] [--name N]
      Removes what \`lectern install\` wrote, and nothing else.

  lectern status [--prefix P]
      Says where the kernel is installed and whether it would start.

  lectern doctor
      Examines what Lectern stands on (Node, kernel, language server, sockets, compute core)
      and measures its speed. Exit code 1 when something is broken.

  lectern run notebook.ipynb [--output out.ipynb]
      Runs a notebook from top to bottom without Python. Prints its text outputs,
      or writes the notebook with all its outputs to --output.

  lectern --help | --version`;

const place = {
  user: { type: "boolean" },
  "sys-prefix": { type: "boolean" },
  prefix: { type: "string" },
} as const;

const commands: Record<string, (args: string[]) => Promise<number> | number> = {
  install(args) {
    const { values } = parseArgs({
      args,
      options: { ...place, name: { type: "string" }, "display-name": { type: "string" } },
    });
    return install({ place: placeOf(values), name: values.name, displayName: values["display-name"] });
  },
  uninstall(args) {
    const { values } = parseArgs({ args, options: { ...place, name: { type: "string" } } });
    return uninstall({ place: placeOf(values), name: values.name });
  },
  status(args) {
    const { values } = parseArgs({ args, options: { prefix: { type: "string" } } });
    return status({ prefix: values.prefix });
  },
  doctor(args) {
    parseArgs({ args, options: {} });
    return doctor();
  },
  run(args) {
    const options = { output: { type: "string", short: "o" } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [notebook, ...more] = positionals;
    if (notebook === undefined) throw new CommandError("lectern run: which notebook?", { showHelp: true });
    if (more.length > 0)
      throw new CommandError(`lectern run takes one notebook; “${more[0]}” is one too many.`, {
        showHelp: true,
      });
    return run(notebook, { output: values.output });
  },
};

/** Runs `lectern` with these arguments; resolves to the exit code. */
export async function lectern(args: string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (
    name === "--help" ||
    name === "-h" ||
    name === "help" ||
    rest.includes("--help") ||
    rest.includes("-h")
  ) {
    console.log(help);
    return 0;
  }
  if (name === "--version" || name === "-v") {
    console.log(version);
    return 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new CommandError(`lectern has no command “${name}”.`, { showHelp: true });
    return await command(rest);
  } catch (error) {
    if (error instanceof CommandError) {
      console.error(error.showHelp ? `${error.message}\n\n${help}` : error.message);
      return error.showHelp ? 2 : 1;
    }
    if (isArgumentError(error)) {
      console.error(`lectern ${name}: ${error.message}\n\n${help}`);
      return 2;
    }
    throw error;
  }
}

function placeOf(values: { user?: boolean; "sys-prefix"?: boolean; prefix?: string }): Place {
  const chosen = [values.user, values["sys-prefix"], values.prefix !== undefined].filter(Boolean);
  if (chosen.length > 1)
    throw new CommandError("--user, --sys-prefix and --prefix exclude each other: please choose one.", {
      showHelp: true,
    });
  if (values.prefix !== undefined) return { prefix: values.prefix };
  return values["sys-prefix"] ? "sys-prefix" : "user";
}

function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
