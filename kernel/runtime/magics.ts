// What the compiled magics of a cell call in the user's process; see magics/cell.ts.
import { runCommand, showExitCode } from "../magics/command.ts";
import type { MagicExtra, UserSide } from "../magics/magic.ts";
import { magicNamed } from "../magics/table.ts";
import { Clocks } from "../magics/time.ts";
import type { Payload } from "../process/protocol.ts";
import { broadcast } from "./display.ts";
import { sendOutput } from "./link.ts";
import { currentRun, type Run, StoppedRun } from "./run.ts";

/** The same as in magics/cell.ts, which would bring the whole compiler with it. */
const CALLED = "$magic\u200c";

const clocks = new Clocks({ print: (text: string) => userSide(currentRun.getStore()).print(text) });

const called = {
  start: (clock: number) => clocks.start(clock),
  end: (clock: number) => clocks.end(clock),
  timed: (clock: number, value: unknown) => clocks.timed(clock, value),
  print: (text: string) => userSide(currentRun.getStore()).print(text),
  async run(name: string, argument: string, extra: MagicExtra): Promise<void> {
    const user = userSide(currentRun.getStore());
    if (name === "!") return runCommand(user, argument);
    return magicNamed(name)?.run?.(user, argument, extra);
  },
};

/** Cells can neither see nor change it. */
export function installMagics(): void {
  Object.defineProperty(globalThis, CALLED, { value: Object.freeze(called) });
  showExitCode(undefined);
}

/** Bound to the run that has called: output of a command comes from an event of its own. */
function userSide(run: Run | undefined): UserSide {
  return {
    print(text, stream = "stdout") {
      if (run?.stopped) throw new StoppedRun();
      sendOutput({ type: "stream", run: run?.id ?? null, name: stream, text }, text.length);
    },
    display: (data) => broadcast("display_data", { data }),
    payload: (payload: Payload) => void run?.payload.push(payload),
    whenStopped(stop) {
      if (run === undefined) return () => {};
      run.whenStopped = stop;
      return () => {
        run.whenStopped = null;
      };
    },
  };
}
