// Requests whose fields hold something else than they should: a reply that says so, and no harm done.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "./client.ts";

let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start();
});
afterAll(() => client.stop());

const astral = "const é = '😀😀'; é.le";

/** The reply to a request for completion, which a busy machine may have to be asked for again: who types waits 3 seconds at most. */
async function suggestions(content: object, expected: string): Promise<Record<string, unknown>> {
  let reply: Record<string, unknown> = {};
  const ask = async () => {
    reply = await client.request("shell", "complete_request", { ...content });
    return reply.matches;
  };
  await expect.poll(ask).toContain(expected);
  return reply;
}

test.each([
  ["execute_request", {}, /"code" has to be a text, which is missing/],
  ["execute_request", { code: 7 }, /"code" has to be a text, not a number/],
  ["execute_request", { code: null }, /"code" has to be a text, not null/],
  [
    "execute_request",
    { code: "1", user_expressions: "x" },
    /"user_expressions" has to be an object of texts, not a string/,
  ],
  ["execute_request", { code: "1", user_expressions: ["x"] }, /not an array/],
  ["execute_request", { code: "1", user_expressions: { x: {} } }, /"user_expressions.x" has to be a text/],
  ["complete_request", {}, /"code" has to be a text/],
  ["complete_request", { code: "x", cursor_pos: "1" }, /"cursor_pos" has to be a number, not a string/],
  ["complete_request", { code: "x", cursor_pos: {} }, /not an object/],
  ["inspect_request", { code: [] }, /"code" has to be a text, not an array/],
  ["inspect_request", { code: "x", cursor_pos: true }, /not a boolean/],
  ["is_complete_request", {}, /"code" has to be a text/],
  ["history_request", {}, /hist_access_type/],
  ["history_request", { hist_access_type: "all" }, /hist_access_type/],
  ["history_request", { hist_access_type: "tail", n: "5" }, /"n" has to be a number/],
  ["history_request", { hist_access_type: "range", session: [] }, /"session" has to be a number/],
  ["history_request", { hist_access_type: "search", pattern: 5 }, /"pattern" has to be a text/],
])("%s %j", async (type, content, reason) => {
  const reply = await client.request("shell", type, content);
  expect(reply).toMatchObject({ status: "error", ename: "BadRequest" });
  expect(reply.evalue).toMatch(reason);
  expect(reply.traceback).toHaveLength(1);
});

test.each([-5, -1e308, 0, 3, 2.7, 1e308, 4e9, null])(
  "cursor_pos %s is taken as the nearest that there is",
  async (cursor_pos) => {
    for (const type of ["complete_request", "inspect_request"]) {
      const reply = await client.request("shell", type, { code: astral, cursor_pos, detail_level: 0 });
      expect(reply.status).toBe("ok");
      if (type === "inspect_request") continue;
      expect(reply.cursor_start).toBeGreaterThanOrEqual(0);
      expect(reply.cursor_end).toBeLessThanOrEqual([...astral].length);
      expect(reply.cursor_start).toBeLessThanOrEqual(reply.cursor_end as number);
    }
  },
);

test("without a cursor the end of the code is meant", async () => {
  const reply = await suggestions({ code: astral }, "length");
  expect([reply.cursor_start, reply.cursor_end]).toEqual([[...astral].length - 2, [...astral].length]);
});

test("lone surrogates and characters of every length: offsets are of code points", async () => {
  const code = '"\ud800 \udc00 é 😀"; Math.sq';
  const length = [...code].length;
  const reply = await suggestions({ code, cursor_pos: length }, "sqrt");
  expect([reply.cursor_start, reply.cursor_end]).toEqual([length - 2, length]);
  const inside = { code: '"😀😀😀"; Math', cursor_pos: 8 };
  await expect.poll(async () => (await client.request("shell", "inspect_request", inside)).found).toBe(true);
  expect((await client.execute('"\ud800".length')).result).toBe("1");
});

test("history with numbers that cannot be", async () => {
  for (const number of [-1e308, 1e308, 0.5, -0.5]) {
    for (const content of [
      { hist_access_type: "tail", n: number },
      { hist_access_type: "range", session: number, start: number, stop: number },
      { hist_access_type: "search", pattern: "*".repeat(60_000), n: number },
    ])
      expect(await client.request("shell", "history_request", content)).toMatchObject({ status: "ok" });
  }
});

test("connect tells the ports", async () => {
  const { shell_port, iopub_port, stdin_port, hb_port, control_port } = client.connection;
  const ports = { shell_port, iopub_port, stdin_port, hb_port, control_port };
  expect(await client.request("shell", "connect_request", {})).toEqual({ status: "ok", ...ports });
});

test("a message that is sent twice is done once", async () => {
  const frames = client.pack("execute_request", { code: 'console.log("once")' });
  await client.sendRaw("shell", frames);
  await client.sendRaw("shell", frames);
  await client.sendRaw("control", frames);
  await client.until(() => client.log.split("come in before").length === 3);
  await client.execute("1");
  expect(client.published.filter(({ content }) => content.text === "once\n")).toHaveLength(1);
});

test("code that is nested without end harms neither the kernel nor the variables", async () => {
  await client.execute("const kept = 1");
  for (const code of ["(".repeat(100_000), `1${" + 1".repeat(200_000)}`, "`${".repeat(20_000)]) {
    for (const type of ["complete_request", "inspect_request", "is_complete_request"]) {
      const reply = await client.request("shell", type, { code, cursor_pos: code.length, detail_level: 0 });
      expect(reply.status).toBe(type === "is_complete_request" ? "invalid" : "ok");
    }
    const { reply } = await client.execute(code);
    expect(reply).toMatchObject({ status: "error", ename: "SyntaxError" });
    expect(reply.evalue).toMatch(/nested too deeply/);
  }
  expect((await client.execute("kept")).result).toBe("1");
});
