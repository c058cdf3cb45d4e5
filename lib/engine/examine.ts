// Examines the compute core for `lectern doctor`, in a process of its own that may break: prints findings as JSON, an array
// of { about, text, problem }, where problem says whether it is one that somebody should solve.
import { ComputeEngine } from "./engine.ts";
import { inWords } from "./memory.ts";
import { EngineReport } from "./report.ts";
import { measureGigaflops } from "./speed.ts";

interface Finding {
  about: string;
  text: string;
  problem: boolean;
}

const MEASURED_MS = 350;
const LARGE_BLOCK = 256 << 20;

const findings: Finding[] = [];

function note(about: string, text: string, problem = false): void {
  findings.push({ about, text, problem });
}

try {
  await examine(new ComputeEngine());
} catch (error) {
  note("compute core", error instanceof Error ? error.message : String(error), true);
}
console.log(JSON.stringify(findings));

async function examine(engine: ComputeEngine): Promise<void> {
  const report = new EngineReport(engine.info(), 0);
  note("compute core", `vectors of ${report.vectorBits} bits (${report.vectorReason})`);
  examineVectors(engine);
  examineThreads(report);
  await engine.threadsReady();
  examineSpeed(engine);
  const block = engine.memory.allocate(LARGE_BLOCK);
  engine.memory.free(block);
  note("memory", `grows as needed, to ${inWords(report.limitBytes)} at most`);
}

function examineVectors(engine: ComputeEngine): void {
  switch (engine.info().simdReason) {
    case "refused":
      note(
        "self-check",
        `V8 of Node ${process.versions.node} refuses --experimental-wasm-revectorize, so there are no vectors of 256 bits and ` +
          "matrix products take up to twice the time: another version of Node helps",
        true,
      );
      return;
    case "wrong":
      note(
        "self-check",
        "kernels with vectors of 256 bits computed something else than those with 128, which are right and are used: " +
          "please report your processor and version of Node",
        true,
      );
      return;
    case "slower": {
      // The self-check at the start is short; here there is time to be sure.
      const [wide, narrow] = ([256, 128] as const).map((simd) =>
        measureGigaflops(new ComputeEngine({ simd, threads: 1 }), MEASURED_MS),
      ) as [number, number];
      const text = `${rate(wide)} with vectors of 256 bits, ${rate(narrow)} with 128`;
      if (wide > narrow) note("self-check", `ok, though 256 bits looked slower at first: ${text}`);
      else
        note(
          "self-check",
          `${text}: V8's pass for 256 bits does nothing on this processor or in Node ${process.versions.node}, and matrix ` +
            "products may take twice the time they could",
          true,
        );
      return;
    }
    default:
      note("self-check", examineProduct(engine));
  }
}

/** A product with known numbers; throws when they are not the ones. */
function examineProduct({ core, memory }: ComputeEngine): string {
  const n = 97;
  const [a, b, c] = [0, 1, 2].map(() => memory.allocate(4 * n * n)) as [number, number, number];
  memory.float32(a, n * n).forEach((_, i, view) => {
    view[i] = (i % 13) - 6;
  });
  memory.float32(b, n * n).forEach((_, i, view) => {
    view[i] = (i % 7) - 3;
  });
  core.gemm(0, 0, a, n, b, n, c, n, n, n, n, 0, 0, 0);
  const [left, right, product] = [a, b, c].map((pointer) => memory.float32(pointer, n * n).slice());
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += left![row * n + k]! * right![k * n + column]!;
      if (product![row * n + column] !== sum)
        throw new Error("a matrix product of whole numbers came out wrong: please report your processor");
    }
  }
  for (const pointer of [a, b, c]) memory.free(pointer);
  return "ok, a matrix product came out as it should";
}

function examineThreads({ threadsWanted, threadsReason, sharedMemory }: EngineReport): void {
  if (!sharedMemory) {
    note("threads", "1: this Node has no SharedArrayBuffer, so threads have no memory in common", true);
    return;
  }
  note("threads", `${threadsWanted}: ${threadsReason}`);
}

function examineSpeed(engine: ComputeEngine): void {
  const { threadsWanted } = engine.info();
  const all = rate(measureGigaflops(engine, MEASURED_MS));
  const { threads } = engine.info();
  if (threads < threadsWanted)
    note("speed", `only ${threads} of ${threadsWanted} threads have started`, true);
  if (threads === 1) {
    note("speed", `${all} on one thread`);
    return;
  }
  engine.setThreads(1);
  note("speed", `${rate(measureGigaflops(engine, MEASURED_MS))} on one thread, ${all} on ${threads}`);
}

function rate(gigaflops: number): string {
  return `${gigaflops.toPrecision(3)} GFLOP/s`;
}
