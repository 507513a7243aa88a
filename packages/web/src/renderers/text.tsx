import type { ReactElement } from "react";
import { MessageText } from "../content/message-card.tsx";
import type { Renderer, RendererProps } from "../renderer.ts";

/** Text, as Markdown; text that is JSON is shown as JSON. */
export const text: Renderer = {
  name: "text",
  rank: 40,
  fits: (content) => content.type === "text",
  Component: TextContent,
};

function TextContent({ content }: RendererProps): ReactElement | null {
  return content.type === "text" ? <MessageText text={content.text} /> : null;
}
