import type { ReactElement } from "react";
import { ContentView } from "../content/content-view.tsx";
import { Section } from "../details/section.tsx";
import type { Tab, TabProps } from "../tab.ts";

/** What went in and what came out of anything that is no conversation. */
export const inputOutput: Tab = {
  name: "io",
  label: "Input and output",
  rank: 20,
  fits: (detail) => detail.input?.type !== "messages" && detail.output?.type !== "messages",
  Component: InputOutputTab,
};

function InputOutputTab({ detail }: TabProps): ReactElement {
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
