import { warn } from "../diagnostics.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import type { ContentFilter, ContentRules } from "../span/content-rules.ts";
import type { Place, Settings } from "./settings.ts";

/** Kinds of span that have content; `content: "none"` and so on aside. */
const KINDS = [
  "llm",
  "embedding",
  "rerank",
  "retrieval",
  "tool",
  "agent",
  "workflow",
  "task",
  "span",
  "mcp",
  "memory",
  "guardrail",
  "evaluation",
  "handoff",
] as const;

/** A kind of span, as `captureContent` names it. */
export type ContentKind = (typeof KINDS)[number];

/** What is sent of content, and what else is kept inline. */
export interface ContentSettings extends ContentRules {
  /** False: no content of anything. */
  readonly any: boolean;
  readonly media: boolean;
  readonly vectors: boolean;
}

/** The words of OpenTelemetry's variable; where it allows events only, we send on spans. */
const YES = new Set(["true", "1", "all", "span_only", "event_only", "span_and_event"]);
const NO = new Set(["false", "0", "none", "no_content"]);
const VARIABLES = ["TELLTALE_CAPTURE_CONTENT", "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"];
/** Below it a shortened text says nothing but that it was shortened. */
const LEAST_LENGTH = 64;
const MOST_LENGTH = 1024 * 1024 * 1024;

/** Puts together what is sent of prompts, answers, arguments and results. */
export function readContent(options: InitializeOptions, settings: Settings, fallback: boolean): ContentSettings {
  const { captureContent } = options;
  const filter = typeof captureContent === "function" ? (captureContent as ContentFilter) : undefined;
  const told =
    filter === undefined
      ? kindsOf({ option: "captureContent", given: captureContent, variables: VARIABLES }, settings, fallback)
      : true;
  return {
    any: told !== false,
    kinds: typeof told === "boolean" ? undefined : told,
    filter,
    maxLength: settings.whole(
      { option: "maxContentLength", given: options.maxContentLength, variables: ["TELLTALE_MAX_CONTENT_LENGTH"] },
      { least: LEAST_LENGTH, most: MOST_LENGTH },
    ),
    media: settings.flag(
      { option: "captureMedia", given: options.captureMedia, variables: ["TELLTALE_CAPTURE_MEDIA"] },
      false,
    ),
    vectors: settings.flag(
      { option: "captureVectors", given: options.captureVectors, variables: ["TELLTALE_CAPTURE_VECTORS"] },
      false,
    ),
  };
}

function kindsOf(place: Place, settings: Settings, fallback: boolean): boolean | ReadonlySet<string> {
  if (typeof place.given === "boolean") return place.given;
  const words = settings.words(place)?.map((word) => word.toLowerCase());
  const [first] = words ?? [];
  if (words === undefined || first === undefined) return fallback;
  if (words.length === 1 && YES.has(first)) return true;
  if (words.length === 1 && NO.has(first)) return false;
  const kinds = words.filter((word) => (KINDS as readonly string[]).includes(word));
  if (kinds.length < words.length) {
    const wrong = words.find((word) => !kinds.includes(word)) ?? "";
    warn(
      `${place.option} has "${wrong.slice(0, 40)}": give true, false or kinds of span (${KINDS.join(", ")}). It is ignored.`,
    );
  }
  return kinds.length === 0 ? fallback : new Set(kinds);
}
