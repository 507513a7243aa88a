import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toldTargets } from "../../packages/server/src/engine/column-writer.ts";
import { decodeEntry, emptyBatch } from "../../packages/server/src/engine/decode-batch.ts";
import { pipeline } from "../../packages/server/src/pipeline.ts";
import { migrate } from "../../packages/server/src/schema/migrate.ts";
import { openChdb } from "../../packages/server/src/stores/chdb.ts";
import { makeSpanRequest, stamp } from "../load/span-request.ts";

const ROWS = 4096;
const ROUNDS = 8;

/**
 * Rows a second that the engine takes when nothing else runs: the same rows, made into columns
 * before the clock starts, inserted one batch after another with the same durability.
 */
export async function measureFloor(characters: number): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "telltale-floor-"));
  const store = openChdb({ directory });
  await migrate(store);
  const rows = characters > 10_000 ? ROWS / 8 : ROWS;
  const steps = pipeline();
  const batches = Array.from({ length: ROUNDS }, (_, round) => {
    const request = makeSpanRequest(rows, characters, 1000 + round);
    stamp(request, 999, round * rows, BigInt(Date.now()) * 1_000_000n);
    const decoded = emptyBatch();
    const receivedAt = BigInt(Date.now()) * 1_000_000n;
    decodeEntry(
      { signal: "traces", encoding: "protobuf", project: "", receivedAt, body: request.body },
      steps,
      decoded,
    );
    const insert = decoded.block.insert(round * rows);
    return { target: insert.target, batch: insert.columns(0, rows) };
  });
  const started = performance.now();
  for (const [round, { target, batch }] of batches.entries())
    await store.insert({
      table: "telltale_data.span_rows",
      target: toldTargets(target, batch),
      batch,
      token: `floor-${round}`,
    });
  const seconds = (performance.now() - started) / 1000;
  await store.close();
  rmSync(directory, { recursive: true, force: true });
  return (rows * ROUNDS) / seconds;
}
