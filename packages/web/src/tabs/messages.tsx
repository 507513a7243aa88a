import type { SpanDetail } from "@telltale/server/api-types";
import type { ReactElement } from "react";
import { ContentView } from "../content/content-view.tsx";
import { Section } from "../details/section.tsx";
import type { Tab, TabProps } from "../tab.ts";

/** The conversation of a model call. */
export const messages: Tab = {
  name: "messages",
  label: "Messages",
  rank: 10,
  fits: (detail) => detail.input?.type === "messages" || detail.output?.type === "messages",
  count: countMessages,
  Component: MessagesTab,
};

function countMessages({ input, output }: SpanDetail): number {
  return [input, output].reduce(
    (sum, content) => sum + (content?.type === "messages" ? content.messages.length : 0),
    0,
  );
}

function MessagesTab({ detail }: TabProps): ReactElement {
  return (
    <>
      <Section title="Input">
        <ContentView content={detail.input} label="Input" />
      </Section>
      <Section title="Output">
        <ContentView content={detail.output} label="Output" />
      </Section>
    </>
  );
}
