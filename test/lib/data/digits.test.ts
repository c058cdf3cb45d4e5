// The digits that come with the library: the numbers of scikit-learn's copy, scaling, and a damaged file.
import { describe, expect, test } from "vitest";
import { digits, readDigits } from "../../../lib/data/digits.ts";
import fixture from "../../fixtures/data/digits.json" with { type: "json" };

describe("digits", () => {
  const { x, y, classes } = digits();

  test("are the images and labels of scikit-learn, with ink from 0 to 1", () => {
    expect(x.shape).toEqual([1797, 8, 8, 1]);
    expect(x.at(0).mul(16).reshape([8, 8]).toArray()).toEqual(fixture.first);
    expect(x.sum().item() * 16).toBe(fixture.inkOfAll);
  });

  test("have whole class numbers", () => {
    expect([y.shape, y.dtype]).toEqual([[1797], "int32"]);
    const labels = Array.from(y.data());
    expect(labels.slice(0, 20)).toEqual(fixture.firstLabels);
    expect(classes.map((_, digit) => labels.filter((label) => label === digit).length)).toEqual(
      fixture.classCounts,
    );
  });

  test.each([5, 28])("are scaled to %i pixels as PyTorch scales", (size) => {
    const scaled = digits({ size }).x;
    expect(scaled.shape).toEqual([1797, size, size, 1]);
    const expected = fixture.scaled[String(size) as "5" | "28"];
    for (const [index, image] of [0, 1796].entries()) {
      const pixels = scaled.at(image).data();
      for (const [i, value] of expected[index].flat().entries()) expect(pixels[i]).toBeCloseTo(value, 5);
    }
  });

  test("cannot have a size that is no whole number", () => {
    expect(() => digits({ size: 7.5 })).toThrow("digits: size must be a whole number above 0, got 7.5");
  });

  test("a file that was cut short says so", () => {
    expect(() => readDigits(new Uint8Array(5000), 8)).toThrow(
      "it unpacks to 5000 bytes, 116805 were expected",
    );
  });
});
