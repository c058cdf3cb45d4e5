// The database of the history: what is found, by how several kernels share one file.

import { join } from "node:path";
import { expect, test } from "vitest";
import { HistoryDatabase } from "../../../kernel/history/database.ts";
import type { Query } from "../../../kernel/history/protocol.ts";
import { temporaryFolder } from "../folders.ts";

const file = () => join(temporaryFolder(), "folder", "history.sqlite");

/** A session that has run these cells. */
function session(path: string | null, ...cells: string[]): HistoryDatabase {
  const database = new HistoryDatabase(path);
  const inputs = cells.map((input, index) => ({ line: index + 1, input }));
  database.add(inputs, [{ line: 1, output: `result of ${cells[0]}` }]);
  return database;
}

const found = (database: HistoryDatabase, query: Query) =>
  database.find(query).map(({ session, line, input }) => [session, line, input]);
const tail = (n: number): Query => ({ type: "tail", n });
const range = (session: number, start = 1, stop: number | null = null): Query => ({
  type: "range",
  session,
  start,
  stop,
});
const search = (pattern: string, options: { n?: number; unique?: boolean } = {}): Query => ({
  type: "search",
  pattern,
  n: options.n ?? null,
  unique: options.unique ?? false,
});

test("the tail goes on in earlier sessions, oldest first", () => {
  const path = file();
  session(path, "a", "b").close();
  const second = session(path, "c", "d");
  expect(found(second, tail(3))).toEqual([
    [1, 2, "b"],
    [2, 1, "c"],
    [2, 2, "d"],
  ]);
  expect(found(second, tail(100))).toHaveLength(4);
  expect(found(second, tail(0))).toEqual([]);
  expect(found(second, tail(-1))).toEqual([]);
});

test("a range is of this session, one so many before it, or one by its number", () => {
  const path = file();
  session(path, "a", "b").close();
  new HistoryDatabase(path).close(); // has no lines and so does not count
  session(path, "c").close();
  const third = session(path, "x", "y", "z");
  expect(found(third, range(0))).toEqual([
    [0, 1, "x"],
    [0, 2, "y"],
    [0, 3, "z"],
  ]);
  expect(found(third, range(0, 2, 3))).toEqual([[0, 2, "y"]]);
  expect(found(third, range(0, -1))).toEqual([[0, 3, "z"]]);
  expect(found(third, range(0, 1, -1))).toHaveLength(2);
  expect(found(third, range(3, 3))).toEqual([[3, 3, "z"]]);
  expect(found(third, range(-1))).toEqual([[2, 1, "c"]]);
  expect(found(third, range(-2, 2))).toEqual([[1, 2, "b"]]);
  expect(found(third, range(1, 1, 2))).toEqual([[1, 1, "a"]]);
  for (const nowhere of [range(-3), range(9), range(0, 5), range(0, 3, 2)])
    expect(found(third, nowhere)).toEqual([]);
});

test("a search is by file-name patterns, over all sessions", () => {
  const path = file();
  session(path, "const a = 1", "plot(a)", "plot(b)").close();
  const second = session(path, "plot(a)", "[1, 2]", "line one\nplot");
  expect(found(second, search("plot*")).map((row) => row[2])).toEqual(["plot(a)", "plot(b)", "plot(a)"]);
  expect(found(second, search("plot(?)", { n: 2 }))).toEqual([
    [1, 3, "plot(b)"],
    [2, 1, "plot(a)"],
  ]);
  expect(found(second, search("plot*", { unique: true }))).toEqual([
    [1, 3, "plot(b)"],
    [2, 1, "plot(a)"],
  ]);
  expect(found(second, search("plot*", { unique: true, n: 1 }))).toEqual([[2, 1, "plot(a)"]]);
  expect(found(second, search("*[[]1*")).map((row) => row[2])).toEqual(["[1, 2]"]);
  expect(found(second, search("*\n*"))).toHaveLength(1);
  expect(found(second, search("PLOT*"))).toEqual([]);
  expect(found(second, search("*"))).toHaveLength(6);
});

test("outputs are those of this session", () => {
  const path = file();
  session(path, "a", "b").close();
  const second = session(path, "c", "d");
  expect(second.find(tail(4)).map(({ output }) => output)).toEqual([null, null, "result of c", null]);
  expect(second.find(range(0))[0]?.output).toBe("result of c");
  expect(second.find(range(1))[0]?.output).toBeNull();
});

test("kernels side by side: each has its own number, and its own lines are the latest", () => {
  const path = file();
  const one = session(path, "one");
  const two = session(path, "two");
  one.add([{ line: 2, input: "one again" }], []);
  two.add([{ line: 2, input: "two again" }], []);
  const texts = (database: HistoryDatabase) => database.find(tail(4)).map(({ input }) => input);
  expect(texts(one)).toEqual(["two", "two again", "one", "one again"]);
  expect(texts(two)).toEqual(["one", "one again", "two", "two again"]);
});

test("one that only asks leaves no session behind", () => {
  const path = file();
  session(path, "a").close();
  const asking = new HistoryDatabase(path);
  expect(found(asking, tail(5))).toEqual([[1, 1, "a"]]);
  expect(found(asking, range(-1))).toEqual([[1, 1, "a"]]);
  expect(found(asking, range(0))).toEqual([]);
  expect(found(session(path, "b"), tail(1))).toEqual([[2, 1, "b"]]);
});
