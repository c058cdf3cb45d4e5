// nbclient, which runs notebooks for nbconvert, papermill, nbgrader and others: its time limits, tags, and what it makes of crashes.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

const place = new Place();
let found: Record<string, unknown>;

beforeAll(async () => {
  await place.installKernel();
  const { code, stdout, stderr } = await place.python(join(root, "test", "jupyter", "nbclient_checks.py"));
  if (code !== 0) throw new Error(stderr);
  found = JSON.parse(stdout);
}, 600_000);
afterAll(() => place.remove());

test("a limit for each cell: the one that exceeds it is interrupted, state and the others stay", () => {
  const interrupted = ["KeyboardInterrupt"];
  expect(found.timeout_func).toEqual([[[], interrupted, ["'number'"], interrupted, ["'number'"]], null]);
});

test("without interrupt_on_timeout the run ends, and no process stays behind", () => {
  // On its way out jupyter_client interrupts the cell: whether its answer is still heard is a matter of luck.
  expect(found.gave_up).toBeOneOf([
    [[[], []], "CellTimeoutError"],
    [[["KeyboardInterrupt"], []], "CellTimeoutError"],
  ]);
  expect(found.left_over_after_giving_up).toEqual([]);
});

test("tags raises-exception and skip-execution", () => {
  const cells = [["Error"], ["TypeScriptError"], [], ["2"], ["RangeError"], []];
  expect(found.tags).toEqual([cells, "CellExecutionError"]);
});

test("errors that are allowed by name", () => {
  expect(found.allow_error_names).toEqual([[["RangeError"], ["TypeScriptError"], ["1"]], null]);
});

test("streams are complete and in one piece, a display is in its last state", () => {
  expect(found.coalesced).toEqual([1, true, ["a\nb\nc\n"], ["100 %"], null]);
});

test("when the user's process dies the notebook goes on in a new one", () => {
  expect(found.process_died).toMatchObject([[[], [expect.anything()], ["42"]], null]);
});

test("when the kernel dies nbclient says so, and no process stays behind", () => {
  expect(found).toMatchObject({ kernel_died: "DeadKernelError", noticed_at_once: true });
  expect(found.left_over_after_death).toEqual([]);
});

test("four notebooks at once", () => {
  expect(found.together).toEqual([0, 1, 2, 3].map((i) => [[], [String(i * 2)]]));
  expect(found.left_over).toEqual([]);
});
