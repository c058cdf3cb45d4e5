import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    env: { LECTERN_HISTORY: "off" }, // a person's history is not for the cells of tests
    // Generous, for a busy machine: they end what hangs, and decide nothing else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
  },
});
