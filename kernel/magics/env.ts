// %env: the environment variables of the cells and of the commands that they start.
import { type Magic, MagicError } from "./magic.ts";

/** Notebooks are shared with what they show. */
const SECRET = /key|token|secret|passw|credential/i;

export const env: Magic = {
  name: "env",
  marks: ["%"],
  usage: "%env · %env NAME · %env NAME=value",
  summary: "lists the environment variables, shows one, or sets one for cells and commands",
  details: "In the list, values whose name sounds like a secret are hidden.",
  argument: /^(?:[^\s=]+(?:(?:\s*=|\s).*)?)?$/s,
  run(user, argument) {
    if (argument === "") {
      const names = Object.keys(process.env).sort();
      const shown = (name: string) => (SECRET.test(name) ? "<hidden>" : process.env[name]);
      user.print(names.map((name) => `${name}=${shown(name)}\n`).join(""));
      return;
    }
    const [, name = "", value] = /^([^\s=]+)(?:(?:\s*=\s*|\s+)(.*))?$/s.exec(argument) ?? [];
    if (value !== undefined) {
      process.env[name] = value;
      user.print(`env: ${name}=${value}\n`);
    } else if (process.env[name] === undefined) {
      throw new MagicError(`There is no environment variable ${name}; %env ${name}=value sets it.`);
    } else {
      user.print(`${process.env[name]}\n`);
    }
  },
};
