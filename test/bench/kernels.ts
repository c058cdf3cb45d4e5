// The kernel against ipykernel: both driven by the same Python client, in turns (kernels.py).
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, type Row, say } from "./table.ts";

type Times = { start: number[]; roundTrip: number[] };

export function benchKernels(python: string): Row[] {
  say("kernels: start and round trip …");
  const prefix = mkdtempSync(join(tmpdir(), "lectern-bench-"));
  try {
    const command = fileURLToPath(new URL("../../kernel/cli/lectern.mjs", import.meta.url));
    execFileSync(process.execPath, [command, "install", "--prefix", prefix], { stdio: "ignore" });
    const script = fileURLToPath(new URL("kernels.py", import.meta.url));
    const { stdout, status } = spawnSync(python, [script, "lectern", "python3"], {
      cwd: prefix,
      encoding: "utf8",
      env: { ...process.env, JUPYTER_PATH: join(prefix, "share", "jupyter") },
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (status !== 0) throw new Error("kernels.py failed");
    const times: Record<string, Times> = JSON.parse(stdout);
    const row = (name: string, field: keyof Times): Row => ({
      name,
      lectern: median(times.lectern![field]) * 1000,
      peer: median(times.python3![field]) * 1000,
      peerName: "ipykernel",
      unit: "ms",
    });
    return [
      row("kernel: round trip of 1+1", "roundTrip"),
      row("kernel: process start to first result", "start"),
    ];
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}
