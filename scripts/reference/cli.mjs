import { commands } from "../../packages/cli/src/commands/index.ts";
import { commandHelpLines } from "../../packages/cli/src/help.ts";

/** What `telltale <command> --help` tells, command by command. */
export function page() {
  const parts = commands.map((command) =>
    [`## telltale ${command.name}`, "", "```text", ...commandHelpLines(command), "```", ""].join("\n"),
  );
  return `# Command line

\`npm start\` in the repository is \`telltale serve\`; options follow two hyphens: \`npm start -- --port 4400\`.
Installed, it is \`npx telltale serve\`. Exit codes: 0 done, 1 could not be done, 2 wrongly asked.

${parts.join("\n")}`;
}
