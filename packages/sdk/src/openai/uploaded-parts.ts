import { field, numberField, recordOf, textField } from "../json/read-json.ts";
import type { Part } from "../reading/message.ts";
import { leftOutMedia, mediaOfDataUrl } from "../span/media.ts";

/**
 * Parts for what was handed over under one name: a file of a form (see MultipartBody), an address,
 * base64, the id of a file, or a list of these.
 */
export function uploadedParts(value: unknown, modality: string): Part[] {
  if (Array.isArray(value)) return (value as readonly unknown[]).flatMap((item) => uploadedParts(item, modality));
  if (typeof value === "string") return [textPart(value, modality)];
  if (recordOf(value) === undefined) return [];
  const bytes = numberField(value, "bytes");
  if (bytes !== undefined) {
    const name = textField(value, "filename");
    const part = leftOutMedia(textField(value, "mime_type"), { bytes }, modality);
    return [name === undefined || name === "" ? part : { ...part, filename: name }];
  }
  const fileId = textField(value, "file_id");
  if (fileId !== undefined) return [{ type: "file", modality, file_id: fileId }];
  const address = textField(value, "image_url") ?? textField(field(value, "image_url"), "url");
  return address === undefined ? [] : [textPart(address, modality)];
}

function textPart(text: string, modality: string): Part {
  const media = mediaOfDataUrl(text, modality);
  if (media !== undefined) return media;
  if (/^https?:/.test(text)) return { type: "uri", modality, uri: text };
  return leftOutMedia(undefined, { base64: text }, modality);
}
