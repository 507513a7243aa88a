#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node would fail on it with a riddle.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`Telltale needs Node 22.15 or newer, and this is ${process.version}.\n`);
  process.stderr.write("Install a newer one from https://nodejs.org and try again.\n");
  process.exitCode = 1;
} else {
  const { commands } = await import("./commands/index.ts");
  const { processTerminal } = await import("./terminal/terminal.ts");
  const { runCli } = await import("./run-cli.ts");
  // A reader that has seen enough (`telltale query … | head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.exitCode = await runCli(commands, process.argv.slice(2), processTerminal(), process.env);
}
