#!/usr/bin/env node
// The `lectern` command. Plain JavaScript, so that a Node too old for TypeScript can still say so.

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > 22 || (major === 22 && minor >= 18)) {
  const { lectern } = await import("./command.ts");
  process.exitCode = await lectern(process.argv.slice(2));
} else {
  console.error(
    `lectern needs Node 22.18 or newer, and this is Node ${process.versions.node} (${process.execPath}).`,
  );
  process.exitCode = 1;
}
