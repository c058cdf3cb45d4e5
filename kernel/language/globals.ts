// The types of what the kernel adds to the global scope of the cells, see kernel/runtime. (`require` is among Node's.)

export const GLOBAL_TYPES = `
/**
 * Shows a value in the middle of a cell, as the last line of a cell is shown.
 *
 * \`display_id\` is a name under which the output can be replaced later; with \`update\` it replaces the output shown
 * before under this name. The result is a promise only if the value's own display method gives one.
 */
declare function display(value: unknown, options?: { display_id?: string; update?: boolean }): Promise<void> | undefined;
`;
