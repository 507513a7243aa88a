import {
  ArrowRightLeft,
  BookOpenText,
  Bot,
  Box,
  ClipboardCheck,
  Database,
  FileText,
  ListOrdered,
  type LucideIcon,
  MessagesSquare,
  Network,
  Plug,
  Shield,
  Waypoints,
  Wrench,
} from "lucide-react";
import type { ReactElement } from "react";
import { classes } from "./classes.ts";
import styles from "./kind-icon.module.css";

const LOOKS: ReadonlyMap<string, readonly [LucideIcon, string]> = new Map([
  ["workflow", [Network, "agent"]],
  ["agent", [Bot, "agent"]],
  ["llm", [MessagesSquare, "llm"]],
  ["embedding", [Waypoints, "retrieval"]],
  ["rerank", [ListOrdered, "retrieval"]],
  ["retrieval", [BookOpenText, "retrieval"]],
  ["tool", [Wrench, "tool"]],
  ["mcp", [Plug, "tool"]],
  ["memory", [Database, "retrieval"]],
  ["guardrail", [Shield, "check"]],
  ["evaluation", [ClipboardCheck, "check"]],
  ["prompt", [FileText, "other"]],
  ["handoff", [ArrowRightLeft, "agent"]],
]);

/** Which of the six colours a kind has: `llm`, `agent`, `tool`, `retrieval`, `check` or `other`. */
export function kindColour(kind: string): string {
  return LOOKS.get(kind)?.[1] ?? "other";
}

/** The sign of a kind of span, the same everywhere. The kind is also read out. */
export function KindIcon({ kind, size = 15 }: { readonly kind: string; readonly size?: number }): ReactElement {
  const [Icon, colour] = LOOKS.get(kind) ?? [Box, "other"];
  return (
    <span className={classes(styles.kind, styles[colour])} role="img" aria-label={kind} title={kind}>
      <Icon size={size} strokeWidth={2} aria-hidden />
    </span>
  );
}
