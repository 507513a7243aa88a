import { runChecks, tableOf } from "./run-checks.ts";

/*
 * Measures any receiver of OTLP: `node --conditions=development e2e/conformance/main.ts http://127.0.0.1:4318
 * 127.0.0.1:4317`. The second, for gRPC, may be left out. Ends with 1 where a row fails. What a receiver passes on
 * (R11, fan-out) cannot be seen from the sender's side and has no row.
 */
const [http, grpc] = process.argv.slice(2);
if (http === undefined) {
  process.stderr.write("Say where the receiver is: http://HOST:PORT, and HOST:PORT for gRPC.\n");
  process.exitCode = 2;
} else {
  const rows = await runChecks({ http, ...(grpc === undefined ? {} : { grpc }) });
  process.stdout.write(`${tableOf(rows)}\n`);
  process.exitCode = rows.some(({ wrong }) => wrong !== undefined) ? 1 : 0;
}
