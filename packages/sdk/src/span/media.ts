/** A picture, a sound, a film or a document as it stands inside a message. */
export type MediaPart = {
  readonly type: "blob";
  readonly mime_type?: string;
  /** image, audio, video or document. */
  readonly modality: string;
  /** Always empty: {@link left_out_bytes} says what was here. */
  readonly content: "";
  readonly left_out_bytes: number;
};

/** The conventions' word for what a MIME type is of. */
export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.slice(0, mimeType.indexOf("/")) ?? "";
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
}

/**
 * Media in a message, told by kind and size and never sent along: one picture is a thousand
 * prompts long. `base64` is the content as it came, `bytes` its size where it came otherwise.
 */
export function leftOutMedia(
  mimeType: string | undefined,
  content: { readonly base64: string } | { readonly bytes: number },
  modality: string = modalityOf(mimeType),
): MediaPart {
  return {
    type: "blob",
    ...(mimeType === undefined || mimeType === "" ? {} : { mime_type: mimeType }),
    modality,
    content: "",
    left_out_bytes: "bytes" in content ? content.bytes : sizeOfBase64(content.base64),
  };
}

function sizeOfBase64(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}
