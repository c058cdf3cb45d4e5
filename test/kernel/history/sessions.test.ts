// The history of real kernels, one after the other and side by side, as front ends ask for it.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { TestClient } from "../client.ts";
import { temporaryFolder } from "../folders.ts";

const LECTERN_HISTORY = join(temporaryFolder(), "history.sqlite");
const clients: TestClient[] = [];
afterAll(() => Promise.all(clients.map((client) => client.stop())));

async function kernel(env: object = { LECTERN_HISTORY }): Promise<TestClient> {
  const client = await TestClient.start({ env });
  clients.push(client);
  return client;
}

async function history(client: TestClient, content: object): Promise<unknown> {
  const asked = { raw: true, output: false, ...content };
  const reply = await client.request("shell", "history_request", asked);
  expect(reply.status).toBe("ok");
  return reply.history;
}

test("what was run is there after a shutdown, and nothing is written that was not to be stored", async () => {
  const first = await kernel();
  await first.execute("const a = 1; a");
  await first.execute("a + 1");
  await first.execute("a + 2", { store_history: false });
  await first.execute("a + 3", { silent: true });
  expect(await history(first, { hist_access_type: "tail", n: 5, output: true })).toEqual([
    [1, 1, ["const a = 1; a", "1"]],
    [1, 2, ["a + 1", "2"]],
  ]);
  await first.execute("a + 4"); // written at the end
  await first.request("control", "shutdown_request", { restart: false });
  await first.stop();

  const second = await kernel();
  await second.execute('"second"');
  expect(await history(second, { hist_access_type: "tail", n: 3 })).toEqual([
    [1, 2, "a + 1"],
    [1, 3, "a + 4"],
    [2, 1, '"second"'],
  ]);
  expect(await history(second, { hist_access_type: "range", session: -1, start: 1, stop: 3 })).toHaveLength(
    2,
  );
  expect(await history(second, { hist_access_type: "range", session: 0 })).toEqual([[0, 1, '"second"']]);
  expect(await history(second, { hist_access_type: "search", pattern: "a +*", n: 1 })).toEqual([
    [1, 3, "a + 4"],
  ]);
  expect(second.log).toBe("");
});

test("an interrupted and a failed cell are remembered, and a busy cell holds no question up", async () => {
  const client = await kernel();
  await client.execute("throw new Error('oh')");
  const id = await client.startCell("while (true) {}");
  await client.until(() => client.states(id).includes("busy"));
  const rows = (await history(client, { hist_access_type: "range", session: 0 })) as unknown[][];
  expect(rows.map((row) => row[2])).toEqual(["throw new Error('oh')", "while (true) {}"]);
  await client.interrupt();
  await client.finishCell(id);
});

test("off: nothing is written, the session has its history", async () => {
  const XDG_DATA_HOME = temporaryFolder();
  const client = await kernel({ LECTERN_HISTORY: "off", XDG_DATA_HOME });
  await client.execute("1 + 1");
  expect(await history(client, { hist_access_type: "tail", n: 5 })).toEqual([[1, 1, "1 + 1"]]);
  expect(existsSync(join(XDG_DATA_HOME, "lectern", "history.sqlite"))).toBe(false);
});

test("by default it is in the data folder of the user", async () => {
  const XDG_DATA_HOME = temporaryFolder();
  const client = await kernel({ LECTERN_HISTORY: "", XDG_DATA_HOME });
  await client.execute("1 + 1");
  await client.stop();
  expect(existsSync(join(XDG_DATA_HOME, "lectern", "history.sqlite"))).toBe(true);
});
