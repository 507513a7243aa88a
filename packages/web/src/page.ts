import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";

/** One page: a file in `pages/` brings its own address, its entry in the navigation and its code on demand. */
export interface Page {
  readonly name: string;
  /** As wouter writes it, e.g. `/trace/:traceId`. */
  readonly path: string;
  readonly label: string;
  /** Where it stands in the navigation; absent for pages that are reached from others. */
  readonly navigation?: { readonly order: number; readonly Icon: LucideIcon };
  readonly Component: ComponentType;
}
