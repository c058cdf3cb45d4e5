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
`;
