// The inputs on which the operations of the table are tried, as JSON: what make.py computes the references for.
import { fileURLToPath } from "node:url";
import { fill, generator, hash, type Row, specialValues } from "./row.ts";
import { table } from "./table.ts";

/** Numbers as JSON can hold them. */
export type Written = number | "nan" | "inf" | "-inf" | "-0";

export interface Sample {
  shape: readonly number[];
  data: readonly number[];
}

/** The inputs of a row, one list for each way it is called. */
export function samplesOf(row: Row): Sample[][] {
  return row.inputs.map((list, i) => {
    const random = generator(hash(`${row.name} ${i}`));
    return list.map((input) => ({ shape: input.shape, data: fill(input, random) }));
  });
}

/** Special values for an elementwise operation of so many inputs. */
export function specialSample(inputs: number): Sample[] {
  const n = specialValues.length;
  if (inputs === 1) return [{ shape: [n], data: specialValues }];
  return [
    { shape: [n * n], data: specialValues.flatMap((v) => specialValues.map(() => v)) },
    { shape: [n * n], data: specialValues.flatMap(() => specialValues) },
  ];
}

export function write(value: number): Written {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return Object.is(value, -0) ? "-0" : value;
}

export function read(value: Written): number {
  if (value === "inf") return Number.POSITIVE_INFINITY;
  return value === "-inf" ? Number.NEGATIVE_INFINITY : Number(value === "nan" ? Number.NaN : value);
}

function written(samples: readonly Sample[]) {
  return samples.map(({ shape, data }) => ({ shape, data: data.map(write) }));
}

/** All that make.py has to know, by family. */
export function requests() {
  return Object.fromEntries(
    Object.entries(table).map(([family, rows]) => [
      family,
      rows.map((row) => ({
        name: row.name,
        reference: row.reference,
        derivatives: row.derivatives,
        samples: samplesOf(row).map(written),
        special: row.special ? written(specialSample(row.inputs[0]!.length)) : null,
        specialReference: typeof row.special === "string" ? row.special : row.reference,
      })),
    ]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(requests()));
