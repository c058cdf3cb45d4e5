// A mistake in how `lectern` was called or in what it was given: its message is all a person needs to see.

export class CommandError extends Error {
  readonly showHelp: boolean;

  constructor(message: string, { showHelp = false } = {}) {
    super(message);
    this.showHelp = showHelp;
  }
}
