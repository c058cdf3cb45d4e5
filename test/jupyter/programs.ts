// Jupyter's programs as the tests use them: from .venv-test, with folders of their own, so that nothing of the user's is read
// or written.
import { execFile, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stayQuiet } from "../../setup/jupyterlab.mjs";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const command = join(root, "kernel", "cli", "lectern.mjs");
export const python =
  process.platform === "win32"
    ? join(root, ".venv-test", "Scripts", "python.exe")
    : join(root, ".venv-test", "bin", "python");

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A temporary folder with everything a Jupyter program reads and writes; the kernel is installed in it. */
export class Place {
  readonly folder = mkdtempSync(join(tmpdir(), "lectern jupyter "));
  readonly prefix = join(this.folder, "prefix");
  readonly notebooks = join(this.folder, "notebooks");
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    if (!existsSync(python))
      throw new Error("There is no .venv-test: run the tests with `npm test`, which makes it.");
    mkdirSync(this.notebooks);
    const config = join(this.folder, "config");
    onlyJupyterLab(config);
    patience(config);
    this.env = {
      ...process.env,
      // As in an activated environment: nbgrader starts a program of its own by name.
      PATH: [dirname(python), process.env.PATH].join(delimiter),
      JUPYTER_PATH: join(this.prefix, "share", "jupyter"),
      JUPYTER_CONFIG_DIR: config,
      JUPYTER_DATA_DIR: join(this.folder, "data"),
      JUPYTER_RUNTIME_DIR: join(this.folder, "runtime"),
      IPYTHONDIR: join(this.folder, "ipython"),
      LECTERN_HISTORY: join(this.folder, "history.sqlite"),
      // Type errors are found and names completed also where the machine is busy with other tests.
      LECTERN_PATIENCE: "40",
    };
  }

  async installKernel(): Promise<void> {
    const { code, stderr } = await this.lectern("install", "--prefix", this.prefix);
    if (code !== 0) throw new Error(stderr);
  }

  lectern(...args: string[]): Promise<Result> {
    return this.#run(process.execPath, [command, ...args]);
  }

  /** Runs a Python module, such as `jupyter nbconvert`'s, to its end. */
  python(...args: string[]): Promise<Result> {
    return this.#run(python, args);
  }

  /** Starts a Jupyter server program and waits until it answers. */
  async server(module: "jupyter_server" | "jupyterlab"): Promise<Server> {
    const token = "token-of-the-tests";
    const options = [
      "--no-browser",
      "--allow-root",
      "--ServerApp.port=0", // the system chooses; what it has chosen stands in a file
      `--ServerApp.root_dir=${this.notebooks}`,
      `--IdentityProvider.token=${token}`,
    ];
    const child = spawn(python, ["-m", module, ...options], { cwd: this.notebooks, env: this.env });
    let log = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        log += text;
      });
    const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
    const stop = async () => {
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), 60_000);
      await ended;
      clearTimeout(force);
    };
    for (;;) {
      const url = this.#serverAddress();
      if (url && (await fetch(`${url}api/status?token=${token}`).catch(() => null))?.ok)
        return { url, token, log: () => log, stop };
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${module} ended:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20 });
  }

  /** Where the server listens, by the file in which it says so; null while that is not there or not whole. */
  #serverAddress(): string | null {
    const runtime = join(this.folder, "runtime");
    try {
      const file = readdirSync(runtime).find((name) => /^jpserver-\d+\.json$/.test(name)) ?? "";
      const { port } = JSON.parse(readFileSync(join(runtime, file), "utf8")) as { port: number };
      return `http://127.0.0.1:${port}/`;
    } catch {
      return null;
    }
  }

  /** Once more where a kernel did not get its ports: between their choice and its start another program may take one. */
  async #run(program: string, args: string[]): Promise<Result> {
    const result = await this.#runOnce(program, args);
    return result.stderr.includes("another program uses this port") ? this.#run(program, args) : result;
  }

  #runOnce(program: string, args: string[]): Promise<Result> {
    return new Promise((resolve) => {
      const options = { cwd: this.notebooks, env: this.env, maxBuffer: 1 << 28 };
      const child = execFile(program, args, options, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode, stdout, stderr }),
      );
    });
  }
}

export interface Server {
  url: string;
  token: string;
  log(): string;
  stop(): Promise<void>;
}

/** JupyterLab as `npm start` opens it: what the other programs of .venv-test add to it stays off. */
function onlyJupyterLab(config: string): void {
  stayQuiet(config, [
    "@jupyter/nbgrader",
    "@jupyter-notebook/lab-extension",
    "@jupyter-widgets/jupyterlab-manager",
    "jupyterlab-jupytext",
  ]);
  const nbgrader = ["formgrader", "validate_assignment", "assignment_list", "course_list"];
  const added = ["jupytext", "notebook", ...nbgrader.map((name) => `nbgrader.server_extensions.${name}`)];
  const jpserver_extensions = Object.fromEntries(added.map((name) => [name, false]));
  writeFileSync(
    join(config, "jupyter_server_config.json"),
    JSON.stringify({ ServerApp: { jpserver_extensions } }),
  );
}

/** The limits of programs that wait for a kernel and for what it publishes: too short for a busy machine. */
function patience(config: string): void {
  const NotebookClient = { startup_timeout: 300, iopub_timeout: 120 };
  writeFileSync(join(config, "jupyter_config.json"), JSON.stringify({ NotebookClient }));
}
