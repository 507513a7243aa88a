/** A type byte and the length, which counts itself. */
const HEADER_BYTES = 5;
/** Longer messages are passed over: a question with its vector is far shorter, and so is a row with a text. */
const LARGEST_MESSAGE = 1024 * 1024;

/** Told of each message that is wanted; the bytes are only good during the call. */
export type MessageListener = (type: number, body: Buffer) => void;

/**
 * Finds the messages in one direction of a PostgreSQL connection (protocol 3), however the bytes
 * are divided. Only messages of a wanted type are put together; the others cost a look at their head.
 */
export class MessageReader {
  readonly #isWanted: (type: number) => boolean;
  readonly #listener: MessageListener;
  /** The beginning of a message that is not whole yet. */
  #held: Buffer | undefined;
  /** Bytes of a message that nobody wants and that are still to come. */
  #skipped = 0;

  constructor(isWanted: (type: number) => boolean, listener: MessageListener) {
    this.#isWanted = isWanted;
    this.#listener = listener;
  }

  /** Takes the next bytes. Throws when they are no messages. */
  add(chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    let at = Math.min(this.#skipped, bytes.length);
    this.#skipped -= at;
    while (at < bytes.length) {
      if (bytes.length - at < HEADER_BYTES) return void (this.#held = Buffer.from(bytes.subarray(at)));
      const length = bytes.readUInt32BE(at + 1);
      if (length < 4) throw new RangeError("This is no message of PostgreSQL.");
      const end = at + 1 + length;
      const type = bytes[at] ?? 0;
      if (this.#isWanted(type) && length <= LARGEST_MESSAGE) {
        if (end > bytes.length) return void (this.#held = Buffer.from(bytes.subarray(at)));
        this.#listener(type, bytes.subarray(at + HEADER_BYTES, end));
      } else if (end > bytes.length) {
        this.#skipped = end - bytes.length;
        return;
      }
      at = end;
    }
  }
}

/** The text up to the zero byte, and where the next begins. Throws when there is no zero byte. */
export function zeroEnded(body: Buffer, at: number): readonly [text: string, next: number] {
  const end = body.indexOf(0, at);
  if (end < 0) throw new RangeError("A text without end.");
  return [body.toString("utf8", at, end), end + 1];
}
