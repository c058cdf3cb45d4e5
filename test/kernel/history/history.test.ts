// The history as the kernel has it: never in the way, whatever happens to its file.
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { History, historyFile } from "../../../kernel/history/history.ts";
import { temporaryFolder } from "../folders.ts";

const logged: string[] = [];
const open: History[] = [];
afterAll(() => Promise.all(open.map((history) => history.close())));

function history(path: string | null): History {
  logged.length = 0;
  const made = new History(path, (text) => logged.push(text));
  open.push(made);
  return made;
}

const inputs = async (from: History) => (await from.find({ type: "tail", n: 10 })).map(({ input }) => input);

test("lines are there at once for the session, and for the next one after closing", async () => {
  const path = join(temporaryFolder(), "history.sqlite");
  const first = history(path);
  first.add(1, "let a = 1");
  first.add(2, "  \n");
  first.addOutput(1, "1");
  expect(await first.find({ type: "tail", n: 10 })).toMatchObject([
    { line: 1, input: "let a = 1", output: "1" },
  ]);
  first.add(3, "a + 1");
  await first.close();
  expect(await inputs(history(path))).toEqual(["let a = 1", "a + 1"]);
  expect(statSync(path).mode & 0o077).toBe(0); // what people type is not for others to read
  expect(logged).toEqual([]);
});

test("a session that ran nothing and was not asked leaves no file", async () => {
  const path = join(temporaryFolder(), "history.sqlite");
  await history(path).close();
  expect(existsSync(path)).toBe(false);
});

test("without a file the history is of this session only", async () => {
  const one = history(null);
  one.add(1, "mine");
  expect(await inputs(one)).toEqual(["mine"]);
  expect(await inputs(history(null))).toEqual([]);
});

test.each([
  ["no database", "this is not a database, but somebody may need it ".repeat(50), /not a database/],
  ["half a database", null, /malformed|not a database|disk image/],
])("%s: in memory, said once, the file left as it is", async (_what, text, reason) => {
  const path = join(temporaryFolder(), "history.sqlite");
  if (text !== null) writeFileSync(path, text);
  else {
    const whole = new DatabaseSync(path);
    whole.exec("CREATE TABLE history (session, line, input); CREATE TABLE sessions (session, start)");
    whole.close();
    writeFileSync(path, readFileSync(path).fill(7, 100, 4000));
  }
  const before = readFileSync(path);
  const broken = history(path);
  broken.add(1, "one");
  expect(await inputs(broken)).toEqual(["one"]);
  broken.add(2, "two");
  expect(await inputs(broken)).toEqual(["one", "two"]);
  expect(logged).toHaveLength(1);
  expect(logged[0]).toMatch(reason);
  await broken.close();
  expect(readFileSync(path)).toEqual(before);
});

test("a folder that cannot be made or is a file: in memory", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  for (const path of [join(folder, "file", "history.sqlite"), folder]) {
    const homeless = history(path);
    homeless.add(1, "one");
    expect(await inputs(homeless)).toEqual(["one"]);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain("in memory only");
  }
});

test("a file that may only be read: in memory", async () => {
  const path = join(temporaryFolder(), "history.sqlite");
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, "");
  chmodSync(path, 0o400);
  const readOnly = history(path);
  readOnly.add(1, "one");
  expect(await inputs(readOnly)).toEqual(["one"]); // for a superuser nothing is read-only
});

test("while another program holds the lock, lines wait", async () => {
  const path = join(temporaryFolder(), "history.sqlite");
  const waiting = history(path);
  waiting.add(1, "before");
  expect(await inputs(waiting)).toEqual(["before"]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN EXCLUSIVE");
  waiting.add(2, "during");
  expect(await inputs(waiting)).toEqual([]);
  other.exec("COMMIT");
  expect(await inputs(waiting)).toEqual(["before", "during"]);
  expect(logged).toEqual([]);
  await waiting.close();
  expect(other.prepare("SELECT input FROM history").all()).toHaveLength(2);
  other.close();
});

test("a question that SQLite refuses has no answer, and does no harm", async () => {
  const asked = history(null);
  asked.add(1, "one");
  const pattern = "*".repeat(100_000);
  expect(await asked.find({ type: "search", pattern, n: null, unique: false })).toEqual([]);
  expect(await inputs(asked)).toEqual(["one"]);
});

test("the file: LECTERN_HISTORY, off, or the data folder", () => {
  expect(historyFile({ LECTERN_HISTORY: "off" })).toBeNull();
  expect(historyFile({ LECTERN_HISTORY: "/a/b.sqlite" })).toBe("/a/b.sqlite");
  expect(historyFile({ XDG_DATA_HOME: "/data" })).toBe(join("/data", "lectern", "history.sqlite"));
  expect(historyFile({})).toMatch(/lectern.history\.sqlite$/);
});
