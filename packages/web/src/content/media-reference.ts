/** A file that came beside a trace, as Langfuse's SDKs write it where its bytes stood. */
export interface MediaReference {
  readonly id: string;
  /** `image/png`; what the sender said, which need not be so. */
  readonly type: string;
}

/** The longest there is has a type of 30 characters, an id of 22 and a source of 15. */
const REFERENCE = /@@@langfuseMedia:type=([\w.+/-]{1,60})\|id=([\w-]{22})\|source=\w{1,30}@@@/g;
/** Files named below one text at most. */
const MOST = 20;

/** The files that a text names, each once. */
export function mediaIn(text: string): readonly MediaReference[] {
  if (!text.includes("@@@langfuseMedia:")) return [];
  const found = new Map<string, MediaReference>();
  for (const [, type = "", id = ""] of text.matchAll(REFERENCE)) {
    if (found.size >= MOST) break;
    found.set(id, { id, type });
  }
  return [...found.values()];
}

/** Where the server gives the file. */
export function mediaAddress({ id }: MediaReference): string {
  return `/api/v1/media/${id}`;
}

/** Whether a browser may play it: none of these formats can hold a script. */
export function isPlayedSound({ type }: MediaReference): boolean {
  return /^audio\/(mpeg|mp3|wav|ogg|oga|aac|mp4|flac)$/.test(type);
}

/** Whether a browser may show it: an image in a format that cannot hold a script. */
export function isShownImage({ type }: MediaReference): boolean {
  return /^image\/(png|jpe?g|gif|webp)$/.test(type);
}
