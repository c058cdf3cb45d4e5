// Jupyter's view of the kernels to compare: a folder with the kernelspecs of Lectern and tslab, beside ipykernel's own.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export class Peers {
  /** As Jupyter knows the kernels; python3 is ipykernel. */
  readonly names = ["lectern", "python3", "tslab"] as const;
  readonly #python: string;
  readonly #prefix = mkdtempSync(join(tmpdir(), "lectern-bench-"));

  /** `python` has jupyter_client and ipykernel. */
  constructor(python: string) {
    this.#python = python;
    const command = fileURLToPath(new URL("../../kernel/cli/lectern.mjs", import.meta.url));
    execFileSync(process.execPath, [command, "install", "--prefix", this.#prefix], { stdio: "ignore" });
    const tslab = fileURLToPath(new URL("peers/node_modules/tslab/bin/tslab", import.meta.url));
    const spec = {
      argv: [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"],
      display_name: "TypeScript (tslab)",
      language: "typescript",
    };
    const folder = join(this.#prefix, "share", "jupyter", "kernels", "tslab");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
  }

  /** Runs a Python script of this folder with the kernels at hand, in an empty folder; gives the JSON it prints. */
  ask<Answer>(script: string, options: readonly string[]): Answer {
    const { stdout, status } = spawnSync(
      this.#python,
      [fileURLToPath(new URL(script, import.meta.url)), ...options],
      {
        cwd: this.#prefix,
        encoding: "utf8",
        env: { ...process.env, JUPYTER_PATH: join(this.#prefix, "share", "jupyter"), LECTERN_HISTORY: "off" },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    if (status !== 0) throw new Error(`${script} failed`);
    return JSON.parse(stdout) as Answer;
  }

  remove(): void {
    rmSync(this.#prefix, { recursive: true, force: true });
  }
}
