// The other requests of a front end: a real process, real sockets.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "./client.ts";
import { temporaryFolder } from "./folders.ts";
import { Gate } from "./gate.ts";

const directory = temporaryFolder();
let client: TestClient;

beforeAll(async () => {
  client = await TestClient.start({ directory });
});
afterAll(() => client.stop());

describe("other requests", () => {
  test("kernel_info on shell and control, with busy and idle", async () => {
    for (const channel of ["shell", "control"] as const) {
      const id = await client.send(channel, "kernel_info_request", {});
      expect((await client.reply(id)).content).toMatchObject({
        status: "ok",
        protocol_version: "5.5",
        implementation: "lectern",
        language_info: { name: "typescript", file_extension: ".ts", mimetype: "application/typescript" },
      });
      await client.until(() => client.states(id).length === 2);
      expect(client.states(id)).toEqual(["busy", "idle"]);
    }
  });

  test("who subscribes is told the status", async () => {
    const told = ({ header, parent, content }: (typeof client.published)[number]) =>
      header.msg_type === "status" && parent === null && content.execution_state === "idle";
    await client.until(() => client.published.some(told));
  });

  test("completion counts in code points", async () => {
    await client.execute("const tensorLike = { shape: [2, 3], size: 6 }");
    const code = '"😀"; tensorLike.sh';
    const length = [...code].length;
    // On a busy machine the language server may be too late for an answer; who types asks again, too.
    await expect
      .poll(() => client.request("shell", "complete_request", { code, cursor_pos: length }))
      .toMatchObject({ status: "ok", matches: ["shape"], cursor_start: length - 2, cursor_end: length });
  });

  test("inspection gives text and markdown", async () => {
    await client.execute("/** Twice as much. */\nfunction double(n: number) { return 2 * n }");
    const code = '"😀"; double(1)';
    const told = expect.stringContaining("Twice as much");
    await expect
      .poll(() => client.request("shell", "inspect_request", { code, cursor_pos: 7, detail_level: 0 }))
      .toMatchObject({ status: "ok", found: true, data: { "text/plain": told, "text/markdown": told } });
    const nothing = await client.request("shell", "inspect_request", {
      code: "  ",
      cursor_pos: 1,
      detail_level: 0,
    });
    expect(nothing).toMatchObject({ status: "ok", found: false, data: {} });
  });

  test("is_complete", async () => {
    const status = async (code: string) =>
      (await client.request("shell", "is_complete_request", { code })).status;
    expect([await status("1 + 1"), await status("if (true) {"), await status("let = ;)")]).toEqual([
      "complete",
      "incomplete",
      "invalid",
    ]);
  });

  test("history: tail, search, range", async () => {
    const { reply } = await client.execute('"remember me"');
    const ask = async (content: object) =>
      (await client.request("shell", "history_request", { raw: true, output: false, ...content })).history;
    const line = reply.execution_count as number;
    expect(await ask({ hist_access_type: "tail", n: 1 })).toEqual([[1, line, '"remember me"']]);
    expect(await ask({ hist_access_type: "search", pattern: "*remember*", n: 1, output: true })).toEqual([
      [1, line, ['"remember me"', "'remember me'"]],
    ]);
    expect(await ask({ hist_access_type: "range", session: 0, start: line, stop: line + 1 })).toHaveLength(1);
  });

  test("comm_info, and comms that nobody listens to are closed", async () => {
    expect(await client.request("shell", "comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    const id = await client.send("shell", "comm_open", { comm_id: "c", target_name: "t", data: {} });
    await client.until(() => client.states(id).includes("idle"));
    expect(client.outputs(id)).toEqual([{ type: "comm_close", content: { comm_id: "c", data: {} } }]);
  });

  test("a busy cell holds up neither control, nor heartbeat, nor completion", async () => {
    const gate = new Gate();
    const id = await client.startCell(gate.looping);
    await client.until(() => client.states(id).includes("busy"));
    expect((await client.request("control", "kernel_info_request", {})).status).toBe("ok");
    expect(await client.heartbeat()).toBe("ping");
    const complete = () => client.request("shell", "complete_request", { code: "Math.", cursor_pos: 5 });
    await expect.poll(async () => (await complete()).matches).toContain("sqrt");
    expect(client.states(id)).not.toContain("idle");
    gate.open();
    await client.finishCell(id);
  });

  test("badly signed, malformed and unknown messages are dropped, with a line in the log", async () => {
    await client.sendRaw("shell", ["<IDS|MSG>", "0".repeat(64), "{}", "{}", "{}", "{}"]);
    await client.sendRaw("shell", ["what is this"]);
    await client.send("shell", "nonsense_request", {});
    await client.send("shell", "constructor", {});
    await client.until(() =>
      /wrong signature[\s\S]*delimiter[\s\S]*nonsense_request[\s\S]*constructor/.test(client.log),
    );
    const broken = await client.request("shell", "execute_request", {});
    expect(broken).toMatchObject({ status: "error" });
    expect((await client.execute("6 * 7")).result).toBe("42");
  });
});
