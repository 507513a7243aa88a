import { resolve } from "node:path";
import type { RunningServer } from "@telltale/server";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { parsePort, textOption } from "../options.ts";
import { originsOf } from "../serve/allowed-origins.ts";
import { builtPages } from "../serve/built-pages.ts";
import { defaultDataDirectory } from "../serve/default-data-directory.ts";
import { isUntouched, startDemo, wantsDemo } from "../serve/first-demo.ts";
import { grpcPortOf } from "../serve/grpc-port.ts";
import { isLoopback } from "../serve/is-loopback.ts";
import { portOwner } from "../serve/port-owner.ts";
import { untilStopped } from "../serve/until-stopped.ts";

import { welcomeLines } from "../serve/welcome-lines.ts";
import { readVersion } from "../version.ts";

/** `telltale serve`: the server, in the foreground. */
export const serve: Command = {
  name: "serve",
  summary: "start the server: telemetry in, pages and API out, on one port",
  parameters: "",
  description:
    "Listens for OpenTelemetry over HTTP (traces, logs, metrics) and shows what it received on the same address; OTLP " +
    "over gRPC comes in on a port of its own, and is left out when another program has that port. " +
    "Everything is kept in one directory; a second start takes up where the first stopped. The first start on an " +
    "empty directory also runs the demo once, against a scripted model on this machine, so that there is something to look " +
    "at.\n\n" +
    "It can be reached from this machine only. To look from another one, use a tunnel: " +
    "ssh -L 4318:127.0.0.1:4318 that-machine.",
  options: {
    port: {
      type: "string",
      placeholder: "PORT",
      summary: "where to listen; 4318 is where OpenTelemetry SDKs send unless told otherwise, 0 takes any free one",
      environment: "TELLTALE_PORT",
      fallback: "4318",
    },
    host: {
      type: "string",
      placeholder: "ADDRESS",
      summary: "address to listen on, of this machine only",
      environment: "TELLTALE_HOST",
      fallback: "127.0.0.1",
    },
    "grpc-port": {
      type: "string",
      placeholder: "PORT",
      summary:
        'where to take OTLP over gRPC, "off" or 0 for nowhere; without it 4317, and off when --port is told and not 4318',
      environment: "TELLTALE_GRPC_PORT",
    },
    data: {
      type: "string",
      placeholder: "DIRECTORY",
      summary: "where to keep everything; without it $XDG_DATA_HOME/telltale, or .telltale in your home",
      environment: "TELLTALE_DATA",
    },
    prices: {
      type: "string",
      placeholder: "FILE",
      summary: "your own prices and contracts; without it telltale.prices.json in the data directory",
      environment: "TELLTALE_PRICES",
    },
    estimates: {
      type: "boolean",
      summary: "count the text of calls of which nobody told the tokens; marked as estimated, and in no total",
      environment: "TELLTALE_ESTIMATES",
    },
    "allow-origin": {
      type: "string",
      placeholder: "ORIGINS",
      summary:
        "pages that may send telemetry, by where they come from, apart by commas: https://app.example; without it none of another site",
      environment: "TELLTALE_ALLOW_ORIGIN",
    },
    clickhouse: {
      type: "string",
      placeholder: "URL",
      summary: "store in this ClickHouse server and not in the embedded engine",
      environment: "TELLTALE_CLICKHOUSE_URL",
    },
    demo: {
      type: "boolean",
      summary: "run the demo once; without it, on an empty directory and not in CI",
      environment: "TELLTALE_DEMO",
    },
  },
  examples: [
    { line: "telltale serve", does: "listens on http://127.0.0.1:4318 and keeps its data in your home" },
    { line: "telltale serve --port 4400 --data ./traces", does: "beside another one, with data of its own" },
    { line: "telltale serve --no-demo", does: "starts empty" },
  ],
  run,
};

/** The name of the receiver of OTLP over gRPC. */
const GRPC = "otlp-grpc";

interface Plan {
  readonly port: number;
  /** `undefined`: OTLP over gRPC is not received. */
  readonly grpcPort: number | undefined;
  readonly host: string;
  readonly dataDirectory: string;
  readonly demo: boolean;
  readonly clickhouseUrl: string | undefined;
  readonly priceFile: string | undefined;
  readonly estimates: boolean;
  readonly allowOrigins: readonly string[];
}

function planOf(call: CommandCall): Plan {
  if (call.parameters.length > 0)
    throw new CommandError(`serve takes no parameter, and got ${call.parameters.join(" ")}.`, {
      hint: "telltale serve --help shows its options.",
      exitCode: 2,
    });
  const host = textOption(call, "host") ?? "127.0.0.1";
  if (!isLoopback(host))
    throw new CommandError(`Telltale does not listen on ${host}: whoever reaches it could read every prompt.`, {
      hint:
        "Another address needs API keys, which this version does not have. Listen on 127.0.0.1 and reach it from " +
        "elsewhere by a tunnel: ssh -L 4318:127.0.0.1:4318 this-machine",
    });
  const dataDirectory = resolve(textOption(call, "data") ?? defaultDataDirectory(call.environment));
  const port = parsePort(textOption(call, "port") ?? "4318");
  return {
    port,
    grpcPort: grpcPortOf(textOption(call, "grpc-port"), port),
    host,
    dataDirectory,
    demo: wantsDemo(call.options.get("demo"), isUntouched(dataDirectory), call.environment),
    clickhouseUrl: textOption(call, "clickhouse"),
    priceFile: textOption(call, "prices"),
    estimates: call.options.get("estimates") === true,
    allowOrigins: originsOf(textOption(call, "allow-origin")),
  };
}

async function tellOwner(port: number, note: (line: string) => void): Promise<void> {
  const owner = await portOwner(port);
  const who = owner ? `It is held by process ${owner.processId} (${owner.command.slice(0, 100)}). ` : "";
  note(`  ${who}telltale serve --grpc-port PORT takes another one, --grpc-port off none.`);
}

async function run(call: CommandCall): Promise<number> {
  const { terminal } = call;
  const plan = planOf(call);
  const pages = builtPages();
  const server = await start(plan, pages, (line) => terminal.note(`  ${line}`));
  const { url } = server;
  const grpcPort = server.ports.get(GRPC);
  if (plan.grpcPort !== undefined && grpcPort === undefined) await tellOwner(plan.grpcPort, terminal.note);
  const welcome = { url, dataDirectory: plan.dataDirectory, pages: pages !== undefined, grpcPort };
  for (const line of welcomeLines(welcome, terminal.style)) terminal.print(line);
  const demo = plan.demo ? startDemo(url, call.options.get("demo") === true, terminal.note) : undefined;
  const code = await untilStopped(async () => {
    demo?.kill();
    await server.close();
  }, terminal.note);
  // What a client or a timer still holds must not keep a stopped server alive.
  if (code !== 0) process.exit(code);
  return code;
}

async function start(plan: Plan, pages: string | undefined, log: (line: string) => void): Promise<RunningServer> {
  const { startServer } = await import("@telltale/server");
  const { port, grpcPort, host, dataDirectory, clickhouseUrl, priceFile, estimates, allowOrigins } = plan;
  try {
    return await startServer({
      port,
      ...(grpcPort === undefined ? {} : { ports: { [GRPC]: grpcPort } }),
      host,
      dataDirectory,
      allowOrigins,
      estimates,
      version: readVersion(),
      log,
      ...(pages === undefined ? {} : { webDirectory: pages }),
      ...(clickhouseUrl === undefined ? {} : { clickhouseUrl }),
      ...(priceFile === undefined ? {} : { priceFile: resolve(priceFile) }),
    });
  } catch (error) {
    throw await explain(error, plan);
  }
}

/** What the disk says of a directory that cannot be made or written. */
const DIRECTORY_CODES = new Set<unknown>(["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EEXIST", "ENOENT"]);

/** Turns what the system says into what to do. */
async function explain(error: unknown, { port, host, dataDirectory }: Plan): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  const cause = error;
  if (code === "EADDRINUSE") {
    const owner = await portOwner(port);
    const who = owner ? ` by process ${owner.processId} (${owner.command.slice(0, 100)})` : "";
    const hint = `Stop that one, or take another port: telltale serve --port ${port + 1}`;
    return new CommandError(`Port ${port} of ${host} is already in use${who}.`, { hint, cause });
  }
  if (code === "EACCES" && port > 0 && port < 1024 && error.message.includes("listen"))
    return new CommandError(`Port ${port} needs rights that this user does not have.`, {
      hint: "Take one from 1024 up: telltale serve --port 4318",
      cause,
    });
  if (DIRECTORY_CODES.has(code))
    return new CommandError(`The data directory ${dataDirectory} cannot be used: ${error.message}`, {
      hint: "Name another one: telltale serve --data DIRECTORY",
      cause,
    });
  if (code === "ENOTFOUND" || code === "EADDRNOTAVAIL")
    return new CommandError(`${host} is not an address of this machine.`, { hint: "Use --host 127.0.0.1", cause });
  if (error.message.startsWith("another Telltale")) return new CommandError(`${error.message}.`, { cause });
  return error;
}
