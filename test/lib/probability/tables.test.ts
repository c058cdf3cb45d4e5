// Named states: categorical distributions and joint tables.
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type Categorical, distributions, type JointTable, jointTable, seed } from "../../../lib/index.ts";
import { DISPLAY } from "../../../lib/plot/bundle.ts";

describe("categorical", () => {
  const weather = distributions.categorical({ sun: 0.6, rain: 0.3, snow: 0.1 });

  it("knows its states", () => {
    expect([weather.pmf("rain"), weather.logPmf("sun"), weather.mode]).toEqual([0.3, Math.log(0.6), "sun"]);
    expect(weather.entropy).toBeCloseTo(0.8979457248567798, 14);
    expect(weather.expect((state) => state.length)).toBeCloseTo(0.6 * 3 + 0.3 * 4 + 0.1 * 4, 14);
    expect(() => weather.pmf("hail" as never)).toThrow('no state "hail" — there are sun, rain, snow');
    expect(distributions.categorical([0.5, 0.5]).states).toEqual(["0", "1"]);
    expect(() => distributions.categorical({ a: 0.5, b: 0.6 })).toThrow("these to 1.1");
    expect(() => distributions.categorical(3 as never)).toThrow("needs { state: probability, … }");
  });

  it("draws states by their probabilities", () => {
    seed(4);
    const drawn = weather.sample(20_000);
    for (const [state, p] of [
      ["sun", 0.6],
      ["rain", 0.3],
      ["snow", 0.1],
    ] as const) {
      const share = drawn.filter((s) => s === state).length / drawn.length;
      // Five standard errors.
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / drawn.length));
    }
    seed(4);
    expect(weather.sample(3)).toEqual(drawn.slice(0, 3));
    expect(weather.states).toContain(weather.sample());
  });

  it("shows itself", async () => {
    expect(inspect(weather)).toBe("categorical(sun 0.6, rain 0.3, snow 0.1)");
    expect((await weather[DISPLAY]())["text/plain"]).toBe(inspect(weather));
  });
});

describe("a joint table", () => {
  const table = jointTable({ weather: ["sun", "rain"], mood: ["good", "so-so", "bad"] }, [
    [0.3, 0.2, 0.1],
    [0.1, 0.1, 0.2],
  ]);

  it("has marginals and conditionals", () => {
    expect(table.probability({ weather: "sun", mood: "bad" })).toBe(0.1);
    expect(table.probability({ mood: "bad" })).toBeCloseTo(0.3, 14);
    expect(table.probability({})).toBeCloseTo(1, 14);
    expect(table.marginal("weather").pmf("sun")).toBeCloseTo(0.6, 14);
    const mood = table.given({ weather: "rain" }) as Categorical;
    expect(mood.states).toEqual(["good", "so-so", "bad"]);
    expect(mood.pmf("bad")).toBeCloseTo(0.5, 14);
    const turned = table.marginal(["mood", "weather"]);
    expect(turned.probability({ weather: "rain", mood: "so-so" })).toBe(0.1);
    expect(Object.keys(turned.variables)).toEqual(["mood", "weather"]);
    expect(table.entropy).toBeCloseTo(-0.3 * Math.log(0.3) - 0.4 * Math.log(0.2) - 0.3 * Math.log(0.1), 14);
  });

  it("of three variables, with the chain rule", () => {
    const three = jointTable({ a: ["0", "1"], b: ["0", "1"], c: ["x", "y"] }, [
      [
        [0.1, 0.05],
        [0.15, 0.1],
      ],
      [
        [0.2, 0.1],
        [0.25, 0.05],
      ],
    ]);
    const rest = three.given({ a: "1" }) as JointTable;
    expect(Object.keys(rest.variables)).toEqual(["b", "c"]);
    const product = three.probability({ a: "1" }) * rest.probability({ b: "0" });
    expect(product).toBeCloseTo(three.probability({ a: "1", b: "0" }), 14);
    expect(String(three).split("\n")[4]).toBe("1  1  0.25  0.05");
  });

  it("knows independence", () => {
    expect(table.independent()).toBe(false);
    const coins = jointTable({ a: ["h", "t"], b: ["h", "t"] }, [
      [0.12, 0.28],
      [0.18, 0.42],
    ]);
    expect(coins.independent()).toBe(true);
  });

  it("shows itself with its sums", () => {
    expect(String(table)).toBe(
      [
        "weather  good  so-so  bad  sum",
        "sun       0.3    0.2  0.1  0.6",
        "rain      0.1    0.1  0.2  0.4",
        "sum       0.4    0.3  0.3    1",
      ].join("\n"),
    );
    expect(table[DISPLAY]()["text/html"]).toContain("<tr><th>sun</th><td>0.3</td>");
  });

  it("says what is wrong", () => {
    const make = (values: number[][]) => () => jointTable({ a: ["0", "1"], b: ["0", "1"] }, values);
    expect(make([[0.5, 0.5]])).toThrow("a has 2 states, its axis is a list of 1");
    expect(make([[0.5, 0.5], [0.5]])).toThrow("b has 2 states, its axis is a list of 1");
    expect(
      make([
        [0.5, 0.5],
        [0.5, 0],
      ]),
    ).toThrow("these to 1.5");
    expect(() => jointTable({}, [])).toThrow("at least one variable");
    expect(() => table.marginal("wether")).toThrow('no variable "wether" — there are weather, mood');
    expect(() => table.given({ mood: "fine" })).toThrow('mood has no state "fine"');
    expect(() => table.given({ mood: "bad", weather: "sun" })).toThrow("none is left");
    const certain = jointTable({ a: ["0", "1"], b: ["0", "1"] }, [
      [1, 0],
      [0, 0],
    ]);
    expect(() => certain.given({ a: "1" })).toThrow("probability 0");
  });
});
