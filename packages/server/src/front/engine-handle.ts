import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import type { TraceSummary } from "../api-types.ts";
import type { EngineFigures, EngineOptions, FromEngine, ToEngine } from "../engine/protocol.ts";
import type { Position } from "../journal/journal.ts";
import { jsonLines } from "../json-lines.ts";
import type { Reader, Row } from "../query.ts";
import { type Parameter, type ReadOptions, StoreError } from "../store.ts";

/** How long a question waits for an engine that is coming back, before it is refused. */
const READY_PATIENCE_MS = 10_000;
/** The first restart is at once; one that fails again and again waits up to two seconds. */
const RESTART_MS = 50;
const LONGEST_RESTART_MS = 2000;
const STOP_PATIENCE_MS = 8000;
/**
 * Old space of the engine's JavaScript, in MB: facts of 200,000 spans and two batches, with room.
 * Young generation of 32 MB halves: a batch is decoded without being promoted.
 */
const ENGINE_FLAGS = ["--max-old-space-size=640", "--max-semi-space-size=32"];
/** Waiting queries each hold a libuv thread; so do file reads. */
const ENGINE_THREADS = "16";

/** What the engine reports while it works. */
export interface EngineEvents {
  readonly onProgress: (stored: Position, safe: Position) => void;
  readonly onTraces: (traces: readonly TraceSummary[]) => void;
  readonly log: (line: string) => void;
}

interface Pending {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** The engine process as the front sees it: started, asked, restarted when it dies, stopped. */
export class EngineHandle implements Reader {
  readonly #options: EngineOptions;
  readonly #events: EngineEvents;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #ready = false;
  #readyWaiters: (() => void)[] = [];
  #nextId = 1;
  #stopping = false;
  #restarts = -1;
  #quickDeaths = 0;
  #position: Position | undefined;
  #figures: EngineFigures | undefined;
  #lastFailure = "";

  constructor(options: EngineOptions, events: EngineEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Starts the process and keeps one running until {@link stop}. */
  start(): void {
    this.#restarts++;
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const path = fileURLToPath(new URL(`../engine/engine-process.${extension}`, import.meta.url));
    const startedAt = Date.now();
    const child = fork(path, {
      serialization: "advanced",
      execArgv: [...process.execArgv, ...ENGINE_FLAGS],
      env: {
        ...process.env,
        TELLTALE_ENGINE_OPTIONS: JSON.stringify(this.#options),
        UV_THREADPOOL_SIZE: ENGINE_THREADS,
      },
    });
    this.#child = child;
    child.on("message", (message: FromEngine) => this.#hear(message));
    child.on("error", (error) => this.#events.log(`the engine process could not be used: ${error.message}`));
    child.on("exit", (code, signal) => void this.#buried(child, code, signal, Date.now() - startedAt));
  }

  async #buried(child: ChildProcess, code: number | null, signal: string | null, livedMs: number): Promise<void> {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = false;
    for (const { reject } of this.#pending.values())
      reject(new StoreError("unavailable", "the engine is restarting; try again in a moment"));
    this.#pending.clear();
    if (this.#stopping) return;
    this.#quickDeaths = livedMs < LONGEST_RESTART_MS ? this.#quickDeaths + 1 : 0;
    // One that cannot start has said why, once.
    if (this.#lastFailure === "")
      this.#events.log(`the engine process ended (${signal ?? `code ${code}`}); starting it again`);
    await sleep(Math.min(RESTART_MS * 2 ** Math.max(0, this.#quickDeaths - 1), LONGEST_RESTART_MS));
    if (!this.#stopping) this.start();
  }

  #hear(message: FromEngine): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#lastFailure = "";
        if (this.#position) this.#send({ type: "advance", position: this.#position });
        for (const wake of this.#readyWaiters.splice(0)) wake();
        return;
      case "progress":
        this.#figures = message.figures;
        this.#events.onProgress(message.stored, message.safe);
        return;
      case "traces":
        this.#events.onTraces(message.traces);
        return;
      case "answer":
        this.#pending.get(message.id)?.resolve(message.bytes);
        this.#pending.delete(message.id);
        return;
      case "refusal":
        this.#pending.get(message.id)?.reject(new StoreError(message.code, message.message));
        this.#pending.delete(message.id);
        return;
      case "failed":
        if (message.message !== this.#lastFailure)
          this.#events.log(`the engine could not start, and is tried again and again: ${message.message}`);
        this.#lastFailure = message.message;
    }
  }

  #send(message: ToEngine): void {
    this.#child?.send(message, () => undefined);
  }

  /** Tells the engine that the journal is on disk up to here. */
  advance(position: Position): void {
    this.#position = position;
    if (this.#ready) this.#send({ type: "advance", position });
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Process id, restarts, last figures and last failure to start, for health and metrics. */
  status(): {
    ready: boolean;
    processId: number | undefined;
    restarts: number;
    lastFailure: string;
    figures: EngineFigures | undefined;
  } {
    return {
      ready: this.#ready,
      processId: this.#child?.pid,
      restarts: this.#restarts,
      lastFailure: this.#lastFailure,
      figures: this.#figures,
    };
  }

  /** Resolves when the engine answers; rejects with `unavailable` after ten seconds. */
  async whenReady(patienceMs: number = READY_PATIENCE_MS): Promise<void> {
    if (this.#ready) return;
    const waiting = new Promise<void>((resolve) => this.#readyWaiters.push(resolve));
    await Promise.race([waiting, sleep(patienceMs, undefined, { ref: false })]);
    if (!this.#ready)
      throw new StoreError(
        "unavailable",
        this.#lastFailure
          ? `the engine does not start: ${this.#lastFailure}`
          : "the engine is starting; try again in a moment",
      );
  }

  /** Asks the engine; a read that its death cut is asked once more when it is back. */
  async bytes(
    sql: string,
    parameters: Readonly<Record<string, Parameter>> = {},
    options: ReadOptions = {},
  ): Promise<Uint8Array> {
    try {
      return await this.#ask(sql, parameters, options);
    } catch (error) {
      // Once only: the question itself may be what kills the engine.
      if (error instanceof StoreError && error.code === "unavailable") return this.#ask(sql, parameters, options);
      throw error;
    }
  }

  async #ask(sql: string, parameters: Readonly<Record<string, Parameter>>, options: ReadOptions): Promise<Uint8Array> {
    await this.whenReady();
    const id = this.#nextId++;
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ type: "read", id, sql, parameters, options });
    });
  }

  async rows(
    sql: string,
    parameters: Readonly<Record<string, Parameter>> = {},
    options: ReadOptions = {},
  ): Promise<Row[]> {
    return jsonLines<Row>(await this.bytes(sql, parameters, { ...options, format: "JSONEachRow" }));
  }

  /** Lets the engine finish its batch and waits for its end; kills it after eight seconds. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#send({ type: "stop" });
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(timer);
  }
}
