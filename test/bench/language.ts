// Type check, completion and inspection in the 30th cell of a notebook, through whole kernels (language.py).
import type { Peers } from "./peers.ts";
import { median, type Row, say } from "./table.ts";

const ROWS = {
  check: "language: type check of the 30th cell",
  complete: "language: completion of a member",
  hover: "language: inspection of a member",
};

type Times = Record<keyof typeof ROWS, number[]>;

export function benchLanguage(peers: Peers): Row[] {
  say("kernels: type check, completion, inspection …");
  const times = peers.ask<Record<string, Times>>("language.py", [...peers.names]);
  const of = (kernel: string, field: keyof Times) => {
    const measured = times[kernel]![field];
    return measured.length > 0 ? median(measured) * 1000 : "has none";
  };
  return Object.entries(ROWS).map(([key, name]) => {
    const field = key as keyof Times;
    return {
      name,
      unit: "ms",
      lectern: of("lectern", field) as number,
      peers: { ipykernel: of("python3", field), tslab: of("tslab", field) },
    };
  });
}
