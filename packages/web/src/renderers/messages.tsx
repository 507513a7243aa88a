import type { ReactElement } from "react";
import styles from "../content/content.module.css";
import { MessageCard } from "../content/message-card.tsx";
import type { Renderer, RendererProps } from "../renderer.ts";

/** A conversation. System messages are folded: they are long and the same every time. */
export const messages: Renderer = {
  name: "messages",
  rank: 10,
  fits: (content) => content.type === "messages",
  Component: Messages,
};

function Messages({ content, label }: RendererProps): ReactElement | null {
  if (content.type !== "messages") return null;
  if (content.messages.length === 0) return <p className={styles.nothing}>No messages</p>;
  return (
    <section className={styles.messages} aria-label={label}>
      {content.messages.map((message, index) => (
        <MessageCard
          key={index}
          message={message}
          startsFolded={message.role === "system" || message.role === "developer"}
        />
      ))}
    </section>
  );
}
