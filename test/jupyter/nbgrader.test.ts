// A teacher's round with nbgrader over the course's own assignment: release it, grade what students hand in, write feedback.
import { appendFileSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Place, root } from "./programs.ts";

interface Output {
  output_type: string;
  name?: string;
  text?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
}

interface Round {
  errors: Record<string, string>;
  release: Record<string, string>;
  failing: Record<"source" | "release", string[]>;
  scores: Record<string, Record<string, number | null>>;
  outputs: Record<string, Record<string, Output[]>>;
  feedback: Record<string, string>;
}

const assignments = join(root, "notebooks", "assignments");
const source = JSON.parse(readFileSync(join(assignments, "source", "descent", "descent.ipynb"), "utf8"));
/** The cells of the teacher's notebook by their names in nbgrader. */
const solutions: Record<string, string> = Object.fromEntries(
  source.cells.map((cell: { id: string; source: string[] }) => [cell.id, cell.source.join("")]),
);
const right = { loss: solutions.loss!, slope: solutions.slope!, descend: solutions.descend! };
const loss = "function meanSquaredError(guesses: number[], targets: number[]): number";
const slope = "function slope(weight: number, xs: number[], ys: number[]): number";
const descend = "function descend(xs: number[], ys: number[], rate: number): number";

// What each student hands in, by cell, and the points nbgrader should give for
// loss-test (of 2), loss-hidden (2), slope-test (2), descend-test (3).
const students = {
  right: [right, [2, 2, 2, 3]],
  nothing: [{}, [0, 0, 0, 0]],
  // Passes what is visible.
  wrong: [
    { ...right, loss: `${loss} { return guesses[0] === 1 ? 0 : guesses[0] === 2 ? 5 : 9; }` },
    [2, 0, 2, 3],
  ],
  partly: [
    {
      ...right,
      slope: `${slope} { return weight === 2 ? 0 : 1; }`,
      descend: `${descend} { return ys[0] === 2 ? 2 : ys[0]! > 0 ? 40 : 0; }`,
    },
    [2, 2, 0, 2],
  ],
  "type error": [{ ...right, slope: `${slope} { return "flat"; }` }, [2, 2, 0, 0]],
  "syntax error": [{ ...right, loss: `${loss} { return ((; }` }, [0, 0, 2, 3]],
  "endless loop": [{ ...right, descend: `${descend} { while (true) {} }` }, [2, 2, 2, 0]],
  "process.exit": [{ ...right, slope: `${slope} { process.exit(0); }` }, [2, 2, 0, 0]],
  // The process dies, and what was defined with it; what comes later is defined anew.
  kill: [
    {
      ...right,
      loss: `import { execSync } from "node:child_process";\n${loss} { execSync(\`kill -9 \${process.pid}\`); return 0; }`,
    },
    [0, 0, 2, 3],
  ],
  // Debugging prints that were left in.
  loud: [
    { ...right, loss: right.loss.replace("{", '{ console.error("guesses", guesses); console.warn("!");') },
    [2, 2, 2, 3],
  ],
  // Everything is defined when it happens, or although it happens.
  mishaps: [
    {
      loss: `while (true) {}\n${right.loss}`,
      slope: `${right.slope}\nsetTimeout(() => { throw new Error("late"); }, 20);\nvoid Promise.reject(1);\n1e6`,
      descend: `${right.descend}\nprocess.abort();`,
    },
    [2, 2, 2, 3],
  ],
} satisfies Record<string, [Record<string, string>, number[]]>;
type Student = keyof typeof students;

/** Short where a student's loop does not end: in the cell itself, or where the function is called that has it. */
const timeLimits = `
def seconds(cell):
    is_called = cell.metadata.get("nbgrader", {}).get("grade_id") == "descend-test"
    return 20 if is_called or "while (true)" in cell.source else 300

c.Execute.timeout_func = seconds
`;

const place = new Place();
let round: Round;

beforeAll(async () => {
  await place.installKernel();
  const course = join(place.folder, "course");
  cpSync(join(assignments, "source"), join(course, "source"), { recursive: true });
  for (const file of ["nbgrader_config.py", "autotests.yml"])
    cpSync(join(assignments, file), join(course, file));
  appendFileSync(join(course, "nbgrader_config.py"), timeLimits);
  const answers = Object.entries(students).map(([student, [cells]]) => [student, cells]);
  const file = join(place.folder, "submissions.json");
  writeFileSync(file, JSON.stringify(Object.fromEntries(answers)));
  const script = join(root, "test", "jupyter", "nbgrader_course.py");
  const { code, stdout, stderr } = await place.python(script, course, "descent", file);
  if (code !== 0) throw new Error(stderr);
  round = JSON.parse(stdout);
}, 900_000);
afterAll(() => place.remove());

test("no step fails, whatever a student hands in", () => {
  expect(round.errors).toEqual({});
});

test("a released notebook holds neither solutions nor hidden tests", () => {
  const { release } = round;
  expect(
    release.slope,
  ).toBe(`/** The derivative of the mean squared error of \`weight * x\` with respect to the weight. */
${slope} {
  // YOUR CODE HERE
  throw new Error("No Answer Given!");
}`);
  expect(release["loss-hidden"]).toContain("assert.equal(meanSquaredError([0], [3]), 9);");
  expect(release["loss-hidden"]).not.toMatch(/HIDDEN|untouched/);
  // Made from the line "HASHED AUTOTEST": the hash of the right value, not the value.
  expect(release["slope-test"]).toMatch(/createHash.*slope\(0, \[1, 3\], \[2, 1\]\).* !== "[0-9a-f]{64}"/);
  expect(release["slope-test"]).not.toMatch(/AUTOTEST|-5/);
});

test("validation accepts the solution and refuses the empty notebook", () => {
  expect(round.failing.source).toEqual([]);
  expect(round.failing.release).toEqual(["loss-test", "loss-hidden", "slope-test", "descend-test", "rate"]);
});

describe("every cell is scored on its own", () => {
  test.each(Object.keys(students) as Student[])("%s", (student) => {
    const { rate, ...scores } = round.scores[student]!;
    expect(Object.values(scores)).toEqual(students[student][1]);
    // The cell of words is for a person to grade; left as it was it is worth nothing.
    expect(rate).toBe(0);
  });
});

test("the graded notebook says what went wrong, in the student's own lines", () => {
  const said = (student: Student, cell: string) =>
    round.outputs[student]![cell]!.flatMap(({ ename, evalue, traceback, text }) =>
      traceback ? `${ename}: ${evalue}\n${stripVTControlCharacters(traceback.join("\n"))}` : (text ?? []),
    ).join("\n");
  expect(said("type error", "slope")).toContain("TS2322: Type 'string' is not assignable to type 'number'");
  expect(said("process.exit", "slope-test")).toMatch(
    /ExitSignal: process\.exit.*\n[\s\S]*at slope \(Cell \[4\]:1:/,
  );
  expect(said("endless loop", "descend-test")).toMatch(/KeyboardInterrupt[\s\S]*CellTimeoutError/);
  expect(said("kill", "loss-test")).toMatch(/SIGKILL/);
});

test("feedback is a page with the points and the outputs", () => {
  for (const [student, [, points]] of Object.entries(students)) {
    const total = points.reduce((sum, one) => sum + one, 0);
    expect(round.feedback[student]).toMatch(new RegExp(`Score: ${total}(\\.0)? / 12`));
  }
  expect(round.feedback["process.exit"]).toContain("ExitSignal");
});
