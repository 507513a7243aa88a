import type { InitializeOptions } from "../initialize-options.ts";
import type { Settings } from "./settings.ts";

/** Hosts that are told which trace a request belongs to. */
export interface Propagation {
  /** Exact hosts. */
  readonly hosts: ReadonlySet<string>;
  /** Ends of hosts, each with a dot in front: `.internal.example.com`. */
  readonly suffixes: readonly string[];
}

/** Where trace context is sent; undefined when nowhere. */
export function readPropagation({ propagateTo }: InitializeOptions, settings: Settings): Propagation | undefined {
  const words = settings.words({ option: "propagateTo", given: propagateTo, variables: ["TELLTALE_PROPAGATE_TO"] });
  if (words === undefined || words.length === 0) return undefined;
  const hosts = words.map((word) => word.toLowerCase());
  return {
    hosts: new Set(hosts.filter((host) => !host.startsWith("*."))),
    suffixes: hosts.filter((host) => host.startsWith("*.")).map((host) => host.slice(1)),
  };
}

/** Whether a request to this host is told. A host that a wildcard means is not told when it speaks a model's API. */
export function isTold({ hosts, suffixes }: Propagation, host: string, isModelCall: boolean): boolean {
  const name = host.toLowerCase();
  return hosts.has(name) || (!isModelCall && suffixes.some((suffix) => name.endsWith(suffix)));
}
