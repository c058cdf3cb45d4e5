// The types of what the kernel adds to the global scope of the cells, see kernel/runtime. (`require` is among Node's.)

export const GLOBAL_TYPES = `
/**
 * Shows a value in the middle of a cell, as the last line of a cell is shown.
 *
 * \`display_id\` is a name under which the output can be replaced later; with \`update\` it replaces the output shown
 * before under this name. The result is a promise only if the value's own display method gives one.
 */
declare function display(value: unknown, options?: { display_id?: string; update?: boolean }): Promise<void> | undefined;

/**
 * Asks the person at the front end a question; the answer is a string. \`password\` hides what is typed.
 *
 * Works while the cell runs, and the kernel goes on answering. \`prompt\` asks without \`await\`.
 *
 * @example
 * const name = await input("Your name? ");
 */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/**
 * Asks a question and waits for the answer, without \`await\`. An empty answer means \`defaultValue\`, if there is one;
 * null means that the input was ended (Ctrl-D in a console).
 */
declare function prompt(message?: string, defaultValue?: string): string | null;

/** Asks a yes-or-no question and waits for the answer: true for \`y\` and \`yes\`. */
declare function confirm(message?: string): boolean;

/** Shows a message and waits until it has been acknowledged with Enter. */
declare function alert(message?: unknown): void;

/** The exit code of the latest \`!command\`. */
declare let _exit_code: number | undefined;

/** A message of a comm: JSON data, and binary buffers beside it. */
interface CommMessage<Data = Record<string, unknown>> {
  readonly data: Data;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array<ArrayBuffer>[];
}

interface CommOptions {
  metadata?: Record<string, unknown>;
  buffers?: readonly (ArrayBufferLike | ArrayBufferView)[];
}

/** One end of a channel between the cells and the front end. \`Data\` is what the front end sends. */
interface Comm<Data = Record<string, unknown>> extends Disposable {
  readonly id: string;
  readonly target: string;
  readonly closed: boolean;
  /** Called with each message of the front end, as soon as no other code is running: also while a cell awaits. */
  onMessage: ((message: CommMessage<Data>) => unknown) | null;
  /** Called when the front end closes the comm. */
  onClose: ((message: CommMessage<Data>) => unknown) | null;
  /** Sends a message to the front end. */
  send(data?: object, options?: CommOptions): void;
  /** Closes the comm on both sides. */
  close(data?: object, options?: CommOptions): void;
}

/**
 * Channels to code in the front end, such as that of a widget.
 *
 * @example
 * const comm = comms.open<{ value: number }>("slider", { min: 0, max: 10 });
 * comm.onMessage = ({ data }) => console.log(data.value);
 * comm.send({ value: 5 });
 */
declare const comms: {
  /** Opens a comm. The front end finds the code for it by the name of the target. */
  open<Data = Record<string, unknown>>(target: string, data?: object, options?: CommOptions): Comm<Data>;
  /**
   * Lets the front end open comms of this target. The handler gets the new comm and the message that opened it, and
   * sets \`comm.onMessage\` at once. Registering a target again replaces its handler.
   */
  register<Data = Record<string, unknown>>(
    target: string,
    handler: (comm: Comm<Data>, opening: CommMessage<Data>) => unknown,
  ): void;
  /** The front end cannot open comms of this target any more; those that are open stay so. */
  unregister(target: string): void;
};
`;
