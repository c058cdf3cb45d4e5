// %typecheck: what type errors do to a cell.
import type { Magic, TypecheckPolicy } from "./magic.ts";

const MEANING: Readonly<Record<TypecheckPolicy, string>> = {
  error: "type errors stop a cell before it runs",
  warn: "type errors are shown and the cell runs",
  off: "cells run without a type check",
};

export const typecheck: Magic = {
  name: "typecheck",
  marks: ["%"],
  usage: "%typecheck · %typecheck error · %typecheck warn · %typecheck off",
  summary: "says or sets what type errors do: stop the cell (error), show only (warn), nothing (off)",
  details: "It holds from its own cell on until the kernel is restarted.",
  argument: /^(?:error|warn|off)?$/,
  completes: Object.keys(MEANING),
  prepare(kernel, argument) {
    if (argument !== "") kernel.typecheck = argument as TypecheckPolicy;
    return `%typecheck ${kernel.typecheck}: ${MEANING[kernel.typecheck]}.\n`;
  },
};
