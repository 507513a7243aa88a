import { setTimeout as sleep } from "node:timers/promises";
import { type Store, StoreError } from "../store.ts";
import { toldTargets } from "./column-writer.ts";
import type { TableInsert } from "./table-insert.ts";

/** Milliseconds between tries while the store is away; doubles from the first to the last. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5000;

/**
 * Inserts the rows of one table under a token that makes a second try harmless. Waits for a
 * store that is away, for as long as it takes. When the store refuses the rows themselves, halves them
 * until the bad ones stand alone. Answers how many rows were refused.
 */
export async function insertRows(store: Store, insert: TableInsert, token: string): Promise<number> {
  if (insert.rows === 0) return 0;
  return insertRange(store, insert, token, 0, insert.rows);
}

async function insertRange(
  store: Store,
  insert: TableInsert,
  token: string,
  from: number,
  to: number,
): Promise<number> {
  const refusal = await tryInsert(store, insert, token, from, to);
  if (refusal === undefined) return 0;
  if (to - from === 1) return 1;
  const middle = (from + to) >>> 1;
  const left = await insertRange(store, insert, `${token}.${from}`, from, middle);
  return left + (await insertRange(store, insert, `${token}.${middle}`, middle, to));
}

/** Tries after which an unexplained failure is blamed on the rows. */
const PATIENCE = 5;

function isRefusal(error: StoreError, tries: number): boolean {
  if (error.retry) return false;
  return error.code !== "failed" || tries >= PATIENCE;
}

async function tryInsert(
  store: Store,
  insert: TableInsert,
  token: string,
  from: number,
  to: number,
): Promise<StoreError | undefined> {
  const { table, target } = insert;
  const batch = insert.columns(from, to);
  const told = toldTargets(target, batch);
  let tries = 0;
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      await store.insert({ table: `telltale_data.${table}`, target: told, batch, token });
      return undefined;
    } catch (error) {
      if (error instanceof StoreError && isRefusal(error, ++tries)) return error;
      console.error(
        `telltale: the store did not take ${to - from} rows of ${table}; trying again in ${wait} ms:`,
        error,
      );
      await sleep(wait);
    }
  }
}
