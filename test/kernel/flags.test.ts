// execute_request with every combination of its flags, for a cell that ends well and one that fails.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { Gate } from "./gate.ts";

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.stop());

const both = [true, false];
const combinations = both.flatMap((silent) =>
  both.flatMap((store_history) => both.map((stop_on_error) => ({ silent, store_history, stop_on_error }))),
);

describe.each(combinations)("%j", (flags) => {
  const counts = !flags.silent && flags.store_history;
  const count = async () =>
    (await client.execute("0", { store_history: false })).reply.execution_count as number;
  const inputs = async (): Promise<string[]> => {
    const asked = { hist_access_type: "range", session: 0, raw: true, output: false };
    const { history } = await client.request("shell", "history_request", asked);
    return (history as [number, number, string][]).map((row) => row[2]);
  };

  test("a cell that ends well", async () => {
    const code = `console.log("out"); console.error("err"); (${JSON.stringify(flags)})`;
    const before = await count();
    const run = await client.execute(code, {
      ...flags,
      user_expressions: { good: "1 + 1", bad: "missing.x", ["__proto__"]: "2" },
    });
    expect(run.reply).toMatchObject({ status: "ok", payload: [], execution_count: before + Number(counts) });
    expect(run.reply.user_expressions).toMatchObject({
      good: { status: "ok", data: { "text/plain": "2" } },
      bad: { status: "error", ename: "ReferenceError" },
    });
    expect(Object.keys(run.reply.user_expressions as object)).toEqual(["good", "bad", "__proto__"]);
    // What a cell prints is shown also when it is silent, as in ipykernel.
    expect([run.stdout, run.stderr]).toEqual(["out\n", "err\n"]);
    const types = run.outputs.map(({ type }) => type).filter((type) => type !== "stream");
    expect(types).toEqual(flags.silent ? [] : ["execute_input", "execute_result"]);
    expect(await count()).toBe(before + Number(counts));
    expect((await inputs()).includes(code)).toBe(counts);
  });

  test("a cell that fails, and the one behind it", async () => {
    const before = await count();
    const code = `throw new Error(${JSON.stringify(JSON.stringify(flags))})`;
    const gate = new Gate();
    await client.startCell(gate.waiting, { store_history: false });
    const failing = await client.startCell(code, { ...flags, user_expressions: { good: "1" } });
    const behind = await client.startCell("7", { store_history: false });
    await client.request("shell", "kernel_info_request", {}); // the kernel has both before the first of them runs
    gate.open();
    const run = await client.finishCell(failing);
    expect(run.reply).toMatchObject({
      status: "error",
      ename: "Error",
      execution_count: before + Number(counts),
      user_expressions: {},
    });
    expect(run.reply.traceback).toBeInstanceOf(Array);
    expect(run.outputs.filter(({ type }) => type === "error")).toHaveLength(1);
    const isAborted = flags.stop_on_error && !flags.silent;
    const next = await client.finishCell(behind);
    expect(next.reply.status).toBe(isAborted ? "aborted" : "ok");
    expect(next.outputs.map(({ type }) => type)).toEqual(
      isAborted ? [] : ["execute_input", "execute_result"],
    );
    expect((await inputs()).includes(code)).toBe(counts);
    expect((await client.execute("8")).result).toBe("8");
  });
});

test.each([true, false])("a question of a silent=%s cell is asked only with allow_stdin", async (silent) => {
  const asked = client.questions.length;
  const code = 'console.log(await input("name? "))';
  const id = await client.startCell(code, { silent, allow_stdin: true });
  await client.answer("Ada", (await client.question(asked)).header);
  expect((await client.finishCell(id)).stdout).toBe("Ada\n");
  for (const options of [{ silent, allow_stdin: false }, { silent }])
    expect((await client.execute(code, options)).reply.status).toBe("error");
  expect(client.questions).toHaveLength(asked + 1);
});

test("an interrupt ends also the user expressions", async () => {
  const id = await client.startCell("1", {
    user_expressions: { a: "1", b: "(() => { console.log('b'); while (true); })()", c: "3" },
  });
  await client.until(() => client.outputs(id).some(({ type }) => type === "stream"));
  await client.interrupt();
  expect((await client.finishCell(id)).reply.user_expressions).toMatchObject({
    a: { status: "ok" },
    b: { status: "error", ename: "KeyboardInterrupt" },
    c: { status: "error", ename: "KeyboardInterrupt" },
  });
});
