import { runtime } from "../runtime.ts";

/** A picture, a sound, a film or a document as it stands inside a message. */
export type MediaPart = {
  readonly type: "blob";
  readonly mime_type?: string;
  /** image, audio, video or document. */
  readonly modality: string;
  /** Base64 where `captureMedia` asks for it; else empty, and {@link left_out_bytes} says what was here. */
  readonly content: string;
  readonly left_out_bytes?: number;
};

/** The conventions' word for what a MIME type is of. */
export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.slice(0, mimeType.indexOf("/")) ?? "";
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}

/**
 * Media in a message, told by kind and size and not sent along unless `captureMedia` asks for it: one
 * picture is a thousand prompts long. `base64` is the content as it came, `bytes` its size where it came otherwise.
 */
export function leftOutMedia(
  mimeType: string | undefined,
  content: { readonly base64: string } | { readonly bytes: number },
  modality: string = modalityOf(mimeType),
): MediaPart {
  const about = {
    type: "blob",
    ...(mimeType === undefined || mimeType === "" ? {} : { mime_type: mimeType }),
    modality,
  } as const;
  if ("base64" in content && runtime.inline?.media === true) return { ...about, content: content.base64 };
  return { ...about, content: "", left_out_bytes: "bytes" in content ? content.bytes : sizeOfBase64(content.base64) };
}

/** Shorter texts without a space may be names; longer ones in this alphabet are nobody's words. */
const LONGEST_NAME = 1024;
const DEEPEST = 12;

/**
 * The same value with every `data:` URL, and every long text in the alphabet of base64, told by its
 * kind and size: for items whose shape is not known, which may hold a picture anywhere.
 */
export function withoutMedia(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return leftOutText(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) return value.map((item) => withoutMedia(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutMedia(item, depth + 1)]));
}

function leftOutText(text: string): MediaPart | undefined {
  const media = mediaOfDataUrl(text);
  if (media !== undefined) return media;
  if (text.length <= LONGEST_NAME || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  return leftOutMedia(undefined, { base64: text });
}

/** The media in a `data:` URL (RFC 2397); undefined for any other address. */
export function mediaOfDataUrl(url: string, modality?: string): MediaPart | undefined {
  if (!url.startsWith("data:")) return undefined;
  const comma = url.indexOf(",");
  const [mimeType] = url.slice("data:".length, comma < 0 ? undefined : comma).split(";", 1);
  return leftOutMedia(mimeType, { base64: comma < 0 ? "" : url.slice(comma + 1) }, modality ?? modalityOf(mimeType));
}

function sizeOfBase64(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}
