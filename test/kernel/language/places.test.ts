// Which value or path is meant by what stands before the cursor, in lines that do not parse yet.
import { expect, test } from "vitest";
import { memberPlace, pathPlace, valuePlace } from "../../../kernel/language/places.ts";

function member(marked: string): string | null {
  const place = memberPlace(marked.replace("|", ""), marked.indexOf("|"));
  if (place === null) return null;
  const steps = place.steps.map(({ of, key }) => (of === "map" ? `<${key}>` : `.${key}`));
  return `${place.name}${steps.join("")} ${place.wanted} ${marked.replace("|", "").slice(place.start, marked.indexOf("|"))}`;
}

test.each([
  ["data.|", "data members "],
  ["f(data.ab|", "data members ab"],
  ["1 + data?.x!.|y", "data.x members "],
  ["data\n  .rows[0]\n  .|", "data.rows.0 members "],
  ['data["b-c"].x.|', "data.b-c.x members "],
  ["data['|']", "data keys "],
  ["data[`a b|", "data keys a b"],
  ['data?.["a"]?.[\'|', "data.a keys "],
  ["m.get('k').|", "m<k> members "],
  ["m.get(7)!.get('|", "m<7> map keys "],
  ["m.has('x|", "m map keys x"],
  ["[...data.|", "data members "],
  ["`${data.|", "data members "],
  ["größe.π|", "größe members π"],
  ["$.a.|", "$.a members "],
] as const)("%s", (marked, place) => {
  expect(member(marked)).toBe(place);
});

test.each(["data", "f().|", "f().a.|", "a[i].b.|", "(a).|", "'a'.|", "1.|", "data[|", "x.get(|", ""])(
  "no value in %s",
  (marked) => {
    expect(member(marked.includes("|") ? marked : `${marked}|`)).toBeNull();
  },
);

test("the value under the cursor: up to the end of its name", () => {
  expect(valuePlace("a + data.rows.first + 1", 16)).toMatchObject({
    name: "data",
    nameAt: 4,
    steps: [
      { of: "property", key: "rows" },
      { of: "property", key: "first" },
    ],
  });
  expect(valuePlace("a + data.rows.first + 1", 10)?.steps).toEqual([{ of: "property", key: "rows" }]);
  expect(valuePlace("f(1).x", 6)).toBeNull();
});

test.each([
  ['"./da|"', "./"],
  ["f('../sub/|", "../sub/"],
  ['"/tmp/x|"', "/tmp/"],
  ['readFileSync("da|', ""],
  ["await fs.readFile('sub/x|'", "sub/"],
  ["'a' + './x|'", "./"],
] as const)("a path in %s", (marked, folder) => {
  expect(pathPlace(marked.replace("|", ""), marked.indexOf("|"))?.folder).toBe(folder);
});

test.each([
  "'da|'",
  "1 / 2|",
  "'a' + ./b|",
  "// './x|",
  "'./x'|",
  "`./$" + "{a}/|",
  "'it\\'s ./|'",
  "f('x|')",
])("no path in %s", (marked) => {
  expect(pathPlace(marked.replace("|", ""), marked.indexOf("|"))).toBeNull();
});

test("hostile texts take no time", () => {
  for (const text of [
    " ".repeat(200_000),
    "a.".repeat(100_000),
    "a[0]".repeat(50_000),
    `a${" ".repeat(900)}.`,
    '"'.repeat(100_001),
  ]) {
    const started = process.threadCpuUsage();
    memberPlace(text, text.length);
    valuePlace(text, text.length);
    pathPlace(text, text.length);
    // Time of the processor, in microseconds: other programs do not count.
    expect(process.threadCpuUsage(started).user).toBeLessThan(1_000_000);
  }
});
