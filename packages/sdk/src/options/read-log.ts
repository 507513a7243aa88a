import { warn } from "../diagnostics.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import type { LogDestination } from "../log/log-destination.ts";
import type { Settings } from "./settings.ts";

/** Where the lines of log mode go. */
export function readLogDestination({ logTo }: InitializeOptions, settings: Settings): LogDestination {
  if (typeof logTo === "function") return logTo;
  if (typeof logTo === "object" && logTo !== null) {
    if (typeof Reflect.get(logTo, "info") === "function" || "file" in logTo) return logTo;
    warn(
      "logTo is an object without a method info: give stdout, stderr, a file, a function or a logger. stdout is used.",
    );
    return "stdout";
  }
  const told = settings.text({ option: "logTo", given: logTo, variables: ["TELLTALE_LOG_TO"] }, "stdout");
  return told === "stdout" || told === "stderr" ? told : { file: told };
}
