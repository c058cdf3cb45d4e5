// The history of all sessions as an SQLite database: one file that any number of kernels share.
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Input, Output, Query, Row } from "./protocol.ts";

/** So long a kernel waits for another one that is writing. */
const PATIENCE_MS = 1000;
const IN_MEMORY = ":memory:";

const SCHEMA = `
  PRAGMA busy_timeout = ${PATIENCE_MS};
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS sessions (session INTEGER PRIMARY KEY AUTOINCREMENT, start TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS history (
    session INTEGER NOT NULL, line INTEGER NOT NULL, input TEXT NOT NULL, PRIMARY KEY (session, line)
  ) WITHOUT ROWID;
  CREATE TEMP TABLE outputs (line INTEGER PRIMARY KEY, output TEXT NOT NULL);
`;

const OWN =
  "SELECT session, line, input, output FROM history LEFT JOIN outputs USING (line) WHERE session = ?";
const OTHERS = "SELECT session, line, input, NULL AS output FROM history WHERE session IS NOT ?";

/** Methods throw what SQLite throws. */
export class HistoryDatabase {
  readonly #database: DatabaseSync;
  /** Null until this session has a line: those that only ask leave no trace. */
  #session: number | null = null;

  /** `path` is a file, which is made if need be, or null for a history that ends with the session. */
  constructor(path: string | null) {
    if (path !== null) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      closeSync(openSync(path, "a", 0o600)); // what people type is their own
    }
    this.#database = new DatabaseSync(path ?? IN_MEMORY);
    try {
      this.#database.exec(SCHEMA);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** All of it or nothing. */
  add(inputs: readonly Input[], outputs: readonly Output[]): void {
    this.#database.exec("BEGIN IMMEDIATE");
    let session = this.#session;
    try {
      if (session === null && inputs.length > 0) session = this.#startSession();
      const input = this.#database.prepare("INSERT OR REPLACE INTO history VALUES (?, ?, ?)");
      for (const entry of inputs) input.run(session, entry.line, entry.input);
      const output = this.#database.prepare("INSERT OR REPLACE INTO outputs VALUES (?, ?)");
      for (const entry of outputs) output.run(entry.line, entry.output);
      this.#database.exec("COMMIT");
      this.#session = session;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  /** Oldest first; the lines of this session count as the latest, whatever other kernels have done meanwhile. */
  find(query: Query): Row[] {
    if (query.type === "range") return this.#range(query.session, query.start, query.stop);
    const { pattern, unique } = query.type === "search" ? query : { pattern: "*", unique: false };
    const limit = query.n ?? Number.POSITIVE_INFINITY;
    const rows: Row[] = [];
    const seen = new Set<string>();
    for (const row of this.#newestFirst(pattern)) {
      if (rows.length >= limit) break;
      if (unique && seen.has(row.input)) continue;
      seen.add(row.input);
      rows.push(row);
    }
    return rows.reverse();
  }

  close(): void {
    this.#database.close();
  }

  #startSession(): number {
    const insert = this.#database.prepare("INSERT INTO sessions (start) VALUES (?)");
    return Number(insert.run(new Date().toISOString()).lastInsertRowid);
  }

  *#newestFirst(pattern: string): Iterable<Row> {
    yield* this.#select(`${OWN} AND input GLOB ? ORDER BY line DESC`, this.#session, pattern);
    yield* this.#select(
      `${OTHERS} AND input GLOB ? ORDER BY session DESC, line DESC`,
      this.#session,
      pattern,
    );
  }

  #range(asked: number, start: number, stop: number | null): Row[] {
    const session = asked > 0 ? asked : asked === 0 ? this.#session : this.#earlierSession(-asked);
    if (session === null) return [];
    const found =
      session === this.#session
        ? this.#select(`${OWN} ORDER BY line`, session)
        : this.#select(`${OTHERS} AND session = ? ORDER BY line`, this.#session, session);
    const rows = [...found];
    const end = (rows.at(-1)?.line ?? 0) + 1;
    const [from, to] = [start, stop || end].map((line) => (line < 0 ? line + end : line)) as [number, number];
    return rows
      .filter(({ line }) => line >= from && line < to)
      .map((row) => (asked === 0 ? { ...row, session: 0 } : row));
  }

  /** The session that many before this one, of those that have lines. */
  #earlierSession(steps: number): number | null {
    const sql =
      "SELECT DISTINCT session FROM history WHERE session < ? ORDER BY session DESC LIMIT 1 OFFSET ?";
    const before = this.#session ?? Number.MAX_SAFE_INTEGER;
    const row = this.#database.prepare(sql).get(before, steps - 1) as { session: number } | undefined;
    return row?.session ?? null;
  }

  #select(sql: string, ...parameters: (number | string | null)[]): Iterable<Row> {
    return this.#database.prepare(sql).iterate(...parameters) as Iterable<unknown> as Iterable<Row>;
  }
}
