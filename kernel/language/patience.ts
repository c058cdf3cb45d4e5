// How patient the kernel is with its language server. On a machine that is busy with something else an answer comes later
// than a person would wait for it, and a cell then runs unchecked; who grades cells, or tests them, rather waits.

/** The limits of today, so many times longer, stay below what a timer can wait. */
const LARGEST = 1000;

/** LECTERN_PATIENCE: so many times longer than usual answers are waited for. */
export const PATIENCE = patience(process.env.LECTERN_PATIENCE);

export function patience(setting: string | undefined): number {
  const factor = Number(setting ?? 1);
  return factor > 0 && factor <= LARGEST ? factor : 1;
}
