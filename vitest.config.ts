import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    env: { LECTERN_HISTORY: "off" }, // a person's history is not for the cells of tests
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
