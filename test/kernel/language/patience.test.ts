// How long cells wait for their type check: a setting of the environment.
import { afterEach, describe, expect, test } from "vitest";
import { patience } from "../../../kernel/language/patience.ts";
import { TestClient } from "../client.ts";

let client: TestClient;
afterEach(() => client?.stop());

test.each([
  ["20", 20],
  ["0.5", 0.5],
  [undefined, 1],
  ["", 1],
  ["0", 1],
  ["-3", 1],
  ["a lot", 1],
  ["Infinity", 1],
  ["1e9", 1], // no timer waits so long
])("LECTERN_PATIENCE=%s", (setting, factor) => {
  expect(patience(setting)).toBe(factor);
});

describe("the first cell of a kernel", () => {
  const wrong = 'const total: number = "twelve"; total';

  test("is checked before it runs when there is patience, however long the server takes to start", async () => {
    client = await TestClient.start({ env: { LECTERN_PATIENCE: "100" } });
    const { reply } = await client.execute(wrong);
    expect(reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  });

  test("runs unchecked when there is none", async () => {
    client = await TestClient.start({ env: { LECTERN_PATIENCE: "0.001" } });
    expect((await client.execute(wrong)).result).toBe("'twelve'");
  });
});
