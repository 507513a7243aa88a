import type { Command } from "../command.ts";

const modules = import.meta.glob<Record<string, Command>>("../commands/*.ts", { eager: true });

/** Every command, in the order they are shown. */
export const commandList: readonly Command[] = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .sort((left, right) => left.rank - right.rank);

/** The command of a name, which must exist. */
export function commandNamed(name: string): Command {
  const command = commandList.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`no command is called ${name}: add src/commands/${name}.ts`);
  return command;
}
