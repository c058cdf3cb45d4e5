// Types for the tests, whose JupyterLab is to be as quiet as that of `npm start`.

/** Settings in a folder of Jupyter's: JupyterLab neither asks about news nor looks for updates, and leaves `others` out. */
export function stayQuiet(folder: string, others?: string[]): void;
