import type { Command } from "../command.ts";

const modules = import.meta.glob<Record<string, Command>>("../commands/*.ts", { eager: true });

const SCOPES = ["everywhere", "traces", "trace", "query"];

/** Every command, by scope and then by label. */
export const commandList: readonly Command[] = Object.values(modules)
  .flatMap((module) => Object.values(module))
  .sort(
    (left, right) =>
      SCOPES.indexOf(left.scope) - SCOPES.indexOf(right.scope) || left.label.localeCompare(right.label, "en"),
  );

/** The command of a name, which must exist. */
export function commandNamed(name: string): Command {
  const command = commandList.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`no command is called ${name}: add src/commands/${name}.ts`);
  return command;
}
