// A hand-written training loop without `await`: finalizers never run in it, and still memory is bounded.
import { describe, expect, test } from "vitest";
import { inFreshProcess, megabyte } from "./fresh.ts";

interface Found {
  first: number;
  last: number;
  mostResident: number;
  reservedBytes: number;
  peak: number;
}

describe("5,000 steps of an MLP 784-256-10 with batches of 128", () => {
  test.each([
    ["tensors and steps by hand", "plain"],
    ["new variables in each step", "replaced"],
    ["layers and an optimizer", "layers"],
  ])("%s", { timeout: 900_000 }, async (_, style) => {
    const { first, last, mostResident, reservedBytes, peak } = await inFreshProcess<Found>("loop.ts", [
      style,
    ]);
    expect(last).toBeLessThan(first / 4);
    // What lives is below 10 MB. The collector is asked each time that 32 MB more have come together.
    expect(mostResident).toBeLessThan(96 * megabyte);
    expect(reservedBytes).toBeLessThan(128 * megabyte);
    // Node alone takes 60 MB, the library 30.
    expect(peak).toBeLessThan(320 * megabyte);
  });
});
