import { type CommandCall, CommandError } from "./command.ts";

/** The text of an option; `undefined` when it was not given or is a switch. */
export function textOption(call: CommandCall, name: string): string | undefined {
  const value = call.options.get(name);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A port from its text; 0 stands for any free one. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new CommandError(`${text} is not a port.`, { hint: "A port is a number from 0 to 65535.", exitCode: 2 });
}

/** The address of a server from its text, without a path. */
export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new CommandError(`${text} is not the address of a server.`, {
    hint: "It looks like http://127.0.0.1:4318",
    exitCode: 2,
  });
}

/** Where the server is that a command talks to: the same option for each of them. */
export const serverOption = {
  type: "string",
  placeholder: "URL",
  summary: "where Telltale listens",
  environment: "TELLTALE_URL",
  fallback: "http://127.0.0.1:4318",
} as const;
