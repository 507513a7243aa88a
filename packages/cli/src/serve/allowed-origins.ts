import { CommandError } from "../command.ts";

/** Where pages come from that may send telemetry. Throws `CommandError` for what is no origin. */
export function originsOf(text: string | undefined): readonly string[] {
  const origins = (text ?? "").split(",").map((origin) => origin.trim());
  return origins.filter((origin) => {
    if (origin === "" || isOrigin(origin)) return origin !== "";
    throw new CommandError(
      `--allow-origin has ${JSON.stringify(origin.slice(0, 100))}, which is not where a page can come from.`,
      {
        hint: "Write scheme, name and port, and nothing after them: https://app.example or http://localhost:5173.",
        exitCode: 2,
      },
    );
  });
}

/** Whether this names where a page comes from, as browsers write it, or `*` for any page. */
function isOrigin(text: string): boolean {
  if (text === "*") return true;
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
