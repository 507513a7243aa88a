import { FetchOutlet } from "./fetch-outlet.ts";
import type { OutletOptions } from "./outlet-options.ts";
import type { Outlet } from "./outlet.ts";

/** The way to the server: OTLP over HTTP by `fetch`. */
export function openOutlet(options: OutletOptions): Outlet {
  return new FetchOutlet({ ...options, json: options.protocol === "http/json" });
}
