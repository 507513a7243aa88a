import { join } from "node:path";
import { loadTokenizers } from "../estimate/count-tokens.ts";
import { useTokenizers } from "../estimate/current-tokenizers.ts";
import { readJournal } from "../journal/read-journal.ts";
import { pipeline, STEPS, STEPS_WITH_ESTIMATES } from "../pipeline.ts";
import { usePriceFile } from "../price/current-prices.ts";
import { PriceFile } from "../price/price-file.ts";
import { migrate } from "../schema/migrate.ts";
import { type Store, StoreError } from "../store.ts";
import { checkPersonSql } from "../store/person-sql.ts";
import { openChdb } from "../stores/chdb.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { Engine } from "./engine.ts";
import type { EngineOptions, FromEngine, ToEngine } from "./protocol.ts";

/*
 * The engine process: forked by the front, it owns the store. It dies with the front at once,
 * which is safe at any moment: whatever was being inserted is done again under the same tokens.
 */

function send(message: FromEngine): void {
  process.send?.(message);
}

async function answerRead(store: Store, request: Extract<ToEngine, { type: "read" }>): Promise<void> {
  try {
    const isPerson = request.options.lane === "person";
    const sql = isPerson ? await checkPersonSql(request.sql, store) : request.sql;
    const bytes = await store.read(sql, request.parameters, request.options);
    send({ type: "answer", id: request.id, bytes });
  } catch (error) {
    const known = error instanceof StoreError ? error : new StoreError("failed", String(error));
    send({ type: "refusal", id: request.id, code: known.code, message: known.message });
  }
}

async function openStore(options: EngineOptions): Promise<Store> {
  if (options.clickhouseUrl) {
    // Read only where it is used: most have the embedded engine.
    const { openClickhouse } = await import("../stores/clickhouse.ts");
    return openClickhouse({ url: options.clickhouseUrl });
  }
  return openChdb({ directory: join(options.dataDirectory, "store") });
}

async function main(): Promise<void> {
  const options = JSON.parse(process.env["TELLTALE_ENGINE_OPTIONS"] ?? "{}") as EngineOptions;
  usePriceFile(new PriceFile(options.priceFile));
  if (options.estimates) useTokenizers(await loadTokenizers());
  const store = await openStore(options);
  const checkpointPath = join(options.dataDirectory, "checkpoint.json");
  const redone = readCheckpoint(checkpointPath)?.batch;
  await migrate(store, redone === undefined ? {} : { redone });
  const engine = new Engine({
    store,
    reader: readJournal(join(options.dataDirectory, "journal")),
    checkpointPath,
    steps: pipeline(options.estimates ? STEPS_WITH_ESTIMATES : STEPS),
    send,
  });
  process.on("message", (message: ToEngine) => {
    if (message.type === "advance") engine.advance(message.position);
    else if (message.type === "read") void answerRead(store, message);
    else
      void engine
        .stop()
        .then(() => store.close())
        .then(() => process.exit(0));
  });
  await engine.open();
  send({ type: "ready" });
  await engine.run();
}

process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// A terminal's Ctrl-C reaches the whole process group; the front decides when the engine stops.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);

main().catch((error: unknown) => {
  // What is said to people is told by the front; of anything else the stack helps.
  if (!(error instanceof StoreError)) console.error("telltale: the engine ended:", error);
  send({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  setTimeout(() => process.exit(1), 50);
});
