// The kernel ends with the program that started it: nobody else could reach it.

const INTERVAL_MS = 1000;

/** Calls `gone` when the process that Jupyter named as the parent is no more. */
export function watchParent(gone: () => void): void {
  const parent = Number(process.env.JPY_PARENT_PID);
  if (!Number.isInteger(parent) || parent <= 0) return;
  const ppid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === ppid && exists(parent)) return;
    clearInterval(timer);
    gone();
  }, INTERVAL_MS);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
