import { type Check, checks, type Target } from "./checks.ts";

/** How one check went; `wrong` is absent where all is well. */
export interface Row {
  readonly check: Check;
  readonly wrong?: string;
}

/** Runs every check that the target has a transport for, one after the other. */
export async function runChecks(target: Target): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const check of checks) {
    if (check.wire === "grpc" && target.grpc === undefined) continue;
    const wrong = await check.run(target).catch((error: unknown) => `no answer: ${String(error)}`);
    rows.push({ check, ...(wrong === undefined ? {} : { wrong }) });
  }
  return rows;
}

/** The rows as lines of text. */
export function tableOf(rows: readonly Row[]): string {
  return rows
    .map(({ check, wrong }) => {
      const verdict = wrong === undefined ? "ok  " : "FAIL";
      const reason = wrong === undefined ? "" : `: ${wrong}`;
      return `${verdict} ${check.rule.padEnd(4)} ${check.wire.padEnd(5)} ${check.what}${reason}`;
    })
    .join("\n");
}
