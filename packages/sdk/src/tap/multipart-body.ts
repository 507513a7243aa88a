/** Headers of a part above this are no part's. */
const LARGEST_HEADERS = 16 * 1024;
/** Of a text field; prompts are shorter. */
const LARGEST_TEXT = 64 * 1024;
/** Fields of one form that are kept. */
const MOST_FIELDS = 200;

const END_OF_LINE = Buffer.from("\r\n");
const END_OF_HEADERS = Buffer.from("\r\n\r\n");

/** What is kept of an uploaded file: never its content. */
export interface UploadedFile {
  readonly filename: string;
  readonly mime_type: string;
  readonly bytes: number;
}

interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly mimeType: string;
  readonly text: Buffer[];
  bytes: number;
}

/**
 * Reads a multipart/form-data body (RFC 7578) as its pieces pass by, and keeps its text fields and
 * the size of its files. Holds no more than a boundary of what it has read.
 */
export class MultipartBody {
  readonly #fields: (readonly [string, string | UploadedFile])[] = [];
  #pending: Buffer = Buffer.alloc(0);
  #boundary: Buffer | undefined;
  #part: Part | undefined;
  #over = false;

  /** The next bytes; nothing of them is kept but what is told above. */
  add(piece: Uint8Array): void {
    if (this.#over) return;
    this.#pending = this.#pending.length === 0 ? Buffer.from(piece) : Buffer.concat([this.#pending, piece]);
    while (!this.#over && this.#step());
  }

  /** The fields as a JSON object; a name that came more than once has a list. */
  json(): string {
    return formJson(this.#fields);
  }

  /** One step on; false when more bytes are needed. */
  #step(): boolean {
    if (this.#boundary === undefined) return this.#readBoundary();
    return this.#part === undefined ? this.#readHeaders() : this.#readContent(this.#part, this.#boundary);
  }

  #readBoundary(): boolean {
    const end = this.#pending.indexOf(END_OF_LINE);
    if (end < 0) {
      this.#over = this.#pending.length > LARGEST_HEADERS;
      return false;
    }
    this.#boundary = Buffer.concat([END_OF_LINE, this.#pending.subarray(0, end)]);
    this.#pending = this.#pending.subarray(end);
    return true;
  }

  #readHeaders(): boolean {
    if (this.#pending.length >= 2 && this.#pending.toString("latin1", 0, 2) === "--") this.#over = true;
    const end = this.#pending.indexOf(END_OF_HEADERS);
    if (end < 0 || this.#over) {
      this.#over ||= this.#pending.length > LARGEST_HEADERS;
      return false;
    }
    const headers = this.#pending.toString("utf8", 0, end);
    this.#part = {
      name: /;\s*name="([^"]*)"/i.exec(headers)?.[1] ?? "",
      filename: /;\s*filename="([^"]*)"/i.exec(headers)?.[1],
      mimeType: /^content-type:\s*([^\s;]+)/im.exec(headers)?.[1] ?? "",
      text: [],
      bytes: 0,
    };
    // The empty line may be the one before the next boundary, where a part is empty.
    this.#pending = this.#pending.subarray(end + END_OF_HEADERS.length);
    return true;
  }

  #readContent(part: Part, boundary: Buffer): boolean {
    const end = this.#pending.indexOf(boundary);
    const sure = end < 0 ? Math.max(0, this.#pending.length - boundary.length + 1) : end;
    const content = this.#pending.subarray(0, sure);
    if (part.filename === undefined && part.bytes < LARGEST_TEXT) part.text.push(Buffer.from(content));
    part.bytes += content.length;
    this.#pending = Buffer.from(this.#pending.subarray(end < 0 ? sure : end + boundary.length));
    if (end < 0) return false;
    const { name, filename, mimeType, text, bytes } = part;
    const value =
      filename === undefined ? Buffer.concat(text).toString("utf8") : { filename, mime_type: mimeType, bytes };
    if (this.#fields.length < MOST_FIELDS) this.#fields.push([name, value]);
    this.#part = undefined;
    return true;
  }
}

/** The same of a form that was never written out: its files are not opened. */
export function formDataJson(form: FormData): string {
  const fields = [...form]
    .slice(0, MOST_FIELDS)
    .map(([name, value]): readonly [string, string | UploadedFile] => [
      name,
      typeof value === "string" ? value : { filename: value.name, mime_type: value.type, bytes: value.size },
    ]);
  return formJson(fields);
}

function formJson(fields: readonly (readonly [string, string | UploadedFile])[]): string {
  const byName = new Map<string, (string | UploadedFile)[]>();
  for (const [told, value] of fields) {
    // `image[]` is how lists are written in forms.
    const name = told.endsWith("[]") ? told.slice(0, -2) : told;
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  const members = [...byName].map(
    ([name, all]) => `${JSON.stringify(name)}:${JSON.stringify(all.length === 1 ? all[0] : all)}`,
  );
  return `{${members.join(",")}}`;
}
