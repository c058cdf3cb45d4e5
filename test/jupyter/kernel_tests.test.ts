// jupyter_kernel_test, and encryption as jupyter_client does it.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

const place = new Place();

beforeAll(() => place.installKernel());
afterAll(() => place.remove());

test("jupyter_kernel_test: every test it offers, none skipped", { timeout: 600_000 }, async () => {
  const { code, stderr } = await place.python(join(root, "test/jupyter/kernel_tests.py"));
  expect(stderr).toMatch(/^Ran 13 tests/m);
  expect(stderr).not.toMatch(/skipped/);
  expect(stderr).toMatch(/^OK$/m);
  expect(code).toBe(0);
});

test("an encrypted kernel under jupyter_client's manager", { timeout: 600_000 }, async () => {
  const { stdout, stderr } = await place.python(join(root, "test/jupyter/encryption_checks.py"));
  const right = {
    encrypted: true,
    status: "ok",
    alive: true,
    no_keys: [],
    keys_of_another_kernel: [],
    after_restart: "ok",
  };
  expect(JSON.parse(stdout || JSON.stringify(stderr))).toEqual({ tcp: right, ipc: right, auto: true });
});
