import { ReaderView } from "../reader/reader-view.tsx";
import type { TraceIndex } from "../trace/trace-index.ts";
import type { View } from "../view.ts";

/** What was said and done, in order: best for a trace with an agent or with more than one model call. */
export const reader: View = {
  name: "reader",
  label: "Reader",
  order: 1,
  isBest: isConversation,
  Component: ReaderView,
};

function isConversation({ skeleton }: TraceIndex): boolean {
  const agent = skeleton.strings.indexOf("agent");
  return skeleton.summary.llmCalls > 1 || (agent !== -1 && skeleton.kind.includes(agent));
}
