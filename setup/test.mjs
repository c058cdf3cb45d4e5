// `npm test`: type check, lint and every test. `npm test -- test/lib` runs the tests of one folder, without the checks.
// The last line printed is always “N passed, N failed”.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { ensureChromium } from "./chromium.mjs";
import { ensureTestPrograms } from "./jupyterlab.mjs";
import { ensureDependencies, environment, repositoryNode } from "./node.mjs";
import { exitCode, main, root, SetupError, say } from "./run.mjs";

await main(async () => {
  const filters = process.argv.slice(2);
  const total = { passed: 0, failed: 0 };
  try {
    await ensureDependencies();
    await build();
    await ensureTestPrograms();
    const env = environment({ CHROMIUM: await ensureChromium() });
    if (filters.length === 0) {
      await check("tsc", ["typescript", "bin", "tsc"], ["--noEmit"], env, total);
      await check("biome", ["@biomejs", "biome", "bin", "biome"], ["check", "."], env, total);
    }
    await vitest(filters, env, total);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}`);
    total.failed++;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
});

/** A check counts as one test. */
async function check(name, program, args, env, total) {
  say(`${name} ${args.join(" ")}`);
  const code = await node(program, args, env);
  if (code === 0) total.passed++;
  else total.failed++;
}

async function vitest(filters, env, total) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-test-"));
  const report = join(folder, "report.json");
  try {
    say(`vitest run ${filters.join(" ")}`.trim());
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const code = await node(["vitest", "vitest.mjs"], ["run", ...reporters, ...filters], env);
    if (!existsSync(report)) throw new SetupError("vitest ended without a report.");
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
    // A file that fails before its tests begin, or whose clean-up fails, is a failure that no test counts.
    const brokenFiles = testResults.filter(
      ({ status, assertionResults }) =>
        status === "failed" && !assertionResults.some((test) => test.status === "failed"),
    ).length;
    total.passed += numPassedTests;
    total.failed += numFailedTests + brokenFiles;
    // An unhandled error beside the tests fails the run too.
    if (code !== 0 && numFailedTests + brokenFiles === 0) total.failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a dependency's program with the repository's own Node; resolves to its exit code. */
function node(program, args, env) {
  return exitCode(repositoryNode(), [join(root, "node_modules", ...program), ...args], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
}
