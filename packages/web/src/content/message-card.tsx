import type { Json, Message, MessagePart } from "@telltale/model";
import { ChevronDown, ChevronRight, File, Wrench } from "lucide-react";
import { type ReactElement, useState } from "react";
import { formatCount } from "../format/count.ts";
import { JsonView } from "../json/json-view.tsx";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import styles from "./content.module.css";
import { HeldImage } from "./held-image.tsx";
import { NamedMedia } from "./kept-media.tsx";
import { LongText } from "./long-text.tsx";
import { Markdown } from "./markdown.tsx";
import { mediaIn } from "./media-reference.ts";

interface MessageCardProps {
  readonly message: Message;
  /** Folded to one line until it is clicked. */
  readonly startsFolded?: boolean;
  /** Without a frame and a head of its own, where the place says who speaks. */
  readonly isPlain?: boolean;
}

/** One message of a conversation. */
export function MessageCard({ message, startsFolded = false, isPlain = false }: MessageCardProps): ReactElement {
  const [isFolded, setFolded] = useState(startsFolded);
  if (isPlain)
    return (
      <div className={styles.plain}>
        <Parts message={message} />
      </div>
    );
  return (
    <article className={classes(styles.message, message.role === "user" && styles.user)}>
      {startsFolded ? (
        <FoldedHead message={message} isFolded={isFolded} onFold={() => setFolded(!isFolded)} />
      ) : (
        <header className={styles.head}>
          <span className={styles.role}>{message.role}</span>
          {message.name}
          <FinishReason reason={message.finish_reason} />
        </header>
      )}
      {!isFolded && <Parts message={message} />}
    </article>
  );
}

interface FoldedHeadProps {
  readonly message: Message;
  readonly isFolded: boolean;
  readonly onFold: () => void;
}

function FoldedHead({ message, isFolded, onFold }: FoldedHeadProps): ReactElement {
  const words = messageText(message);
  const Arrow = isFolded ? ChevronRight : ChevronDown;
  return (
    <button type="button" className={styles.head} aria-expanded={!isFolded} onClick={onFold}>
      <Arrow size={13} aria-hidden />
      <span className={styles.role}>{message.role}</span>
      {isFolded && <span className={styles.peek}>{words.slice(0, 160)}</span>}
      <span className={styles.end}>{formatCount(words.length)} characters</span>
    </button>
  );
}

/** Anything but an ordinary end is worth a mark. */
function FinishReason({ reason }: { readonly reason: string | undefined }): ReactElement | null {
  if (reason === undefined || reason === "stop" || reason === "tool_calls") return null;
  return (
    <span className={styles.end}>
      <Badge tone={reason === "length" ? "warning" : "neutral"}>stopped: {reason}</Badge>
    </span>
  );
}

function Parts({ message }: { readonly message: Message }): ReactElement {
  return (
    <div className={styles.parts}>
      {message.parts.length === 0 && <p className={styles.nothing}>Empty</p>}
      {message.parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </div>
  );
}

function messageText(message: Message): string {
  return message.parts.map((part) => ("content" in part && part.type !== "blob" ? part.content : "")).join(" ");
}

function Part({ part }: { readonly part: MessagePart }): ReactElement {
  switch (part.type) {
    case "text":
      return <MessageText text={part.content} />;
    case "reasoning":
      return (
        <div className={styles.reasoning}>
          <LongText text={part.content}>{(shown) => <Markdown text={shown} />}</LongText>
        </div>
      );
    case "tool_call":
      return <Call title={part.name} id={part.id} value={part.arguments} label={`Arguments of ${part.name}`} />;
    case "tool_call_response":
      return <Call title="Result" id={part.id} value={part.response} label="Result of the tool" />;
    case "blob":
      return <Blob mimeType={part.mime_type ?? ""} content={part.content} />;
    case "uri":
      return <HeldImage address={part.uri} label={part.modality ?? part.mime_type ?? "file"} />;
    case "file":
      if (mediaIn(part.file_id).length > 0) return <NamedMedia text={part.file_id} />;
      return (
        <span className={styles.nothing}>
          <File size={13} aria-hidden /> File {part.file_id}
        </span>
      );
    case "generic":
      return <JsonView value={part.value} label="Part of the message" />;
  }
}

/** Structured output is shown as what it is; everything else as Markdown. */
export function MessageText({ text }: { readonly text: string }): ReactElement {
  const value = readJson(text);
  if (value !== undefined) return <JsonView value={value} label="Structured output" />;
  return (
    <>
      <LongText text={text}>{(shown) => <Markdown text={shown} />}</LongText>
      <NamedMedia text={text} />
    </>
  );
}

/** Longer texts are not parsed to find out whether they are JSON. */
const LONGEST_JSON = 1_000_000;

/** The value of a text that is a JSON object or array; else `undefined`. */
export function readJson(text: string): Json | undefined {
  if (text.length > LONGEST_JSON || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

interface CallProps {
  readonly title: string;
  readonly id: string | undefined;
  readonly value: Json | undefined;
  readonly label: string;
}

function Call({ title, id, value, label }: CallProps): ReactElement {
  return (
    <div className={styles.call}>
      <div className={styles.callHead}>
        <Wrench size={13} aria-hidden />
        {title}
        {id !== undefined && <span className={styles.callId}>{id}</span>}
      </div>
      <div className={styles.callBody}>
        <AnyValue value={value} label={label} />
      </div>
    </div>
  );
}

/** A JSON value whose texts may be JSON themselves, as tool arguments are. */
export function AnyValue({ value, label }: { readonly value: Json | undefined; readonly label: string }): ReactElement {
  if (value === undefined) return <p className={styles.nothing}>Nobody told</p>;
  if (typeof value !== "string") return <JsonView value={value} label={label} />;
  const parsed = readJson(value);
  if (parsed !== undefined) return <JsonView value={parsed} label={label} />;
  return <LongText text={value}>{(shown) => <div className={styles.text}>{shown}</div>}</LongText>;
}

function Blob({ mimeType, content }: { readonly mimeType: string; readonly content: string }): ReactElement {
  if (mediaIn(content).length > 0) return <NamedMedia text={content} />;
  const address = content.startsWith("data:") ? content : `data:${mimeType};base64,${content}`;
  if (mimeType.startsWith("image/")) return <HeldImage address={address} label="image" />;
  return (
    <span className={styles.nothing}>
      {mimeType || "data"}, {formatCount(content.length)} characters of base64
    </span>
  );
}
