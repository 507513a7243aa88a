const SAFE = new Set(["http:", "https:", "mailto:"]);

/** The address of a link if it is one that does nothing but lead somewhere; else `undefined`. */
export function safeLink(address: string): string | undefined {
  try {
    const url = new URL(address);
    return SAFE.has(url.protocol) ? url.href : undefined;
  } catch {
    // Relative addresses are not links of ours: a trace has no base to resolve them on.
    return undefined;
  }
}

const SAFE_IMAGE = /^data:image\/(png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i;

/** Whether an image carries its own bytes, in a format that cannot hold a script. */
export function isInlineImage(address: string): boolean {
  return SAFE_IMAGE.test(address);
}
