import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formDataJson, MultipartBody } from "./multipart-body.ts";
import { RequestBody } from "./request-body.ts";

async function written(form: FormData): Promise<Buffer> {
  return Buffer.from(await new Response(form).arrayBuffer());
}

/** The same bytes, cut where the numbers say. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

describe("MultipartBody", () => {
  it("keeps texts and sizes of files, however the form is cut into pieces", async () => {
    const value = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("", "\r\n--", "--", "\r\n\r\n"));
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,8}$/), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(names, fc.array(value), fc.array(fc.nat()), async (keys, values, cuts) => {
        const form = new FormData();
        for (const [index, key] of keys.entries()) {
          // What a form writes for an end of line is its own.
          const text = (values[index] ?? "x").replaceAll(/\r\n|\r|\n/g, "\r\n");
          if (index % 2 === 0) form.append(key, text);
          else form.append(key, new Blob([text], { type: "audio/mpeg" }), "a.mp3");
        }
        const body = new MultipartBody();
        for (const piece of pieces(await written(form), cuts)) body.add(piece);
        expect(JSON.parse(body.json())).toEqual(JSON.parse(formDataJson(form)));
      }),
    );
  });

  it("has a list for a name that came twice", async () => {
    const form = new FormData();
    for (const name of ["one.png", "two.png"]) form.append("image[]", new Blob(["abc"], { type: "image/png" }), name);
    form.append("prompt", "東京");
    const body = new MultipartBody();
    body.add(await written(form));
    expect(JSON.parse(body.json())).toEqual({
      image: [
        { filename: "one.png", mime_type: "image/png", bytes: 3 },
        { filename: "two.png", mime_type: "image/png", bytes: 3 },
      ],
      prompt: "東京",
    });
  });

  it("takes any bytes without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (all) => {
        const body = new MultipartBody();
        for (const piece of all) body.add(piece);
        expect(JSON.parse(body.json())).toBeTypeOf("object");
      }),
    );
  });
});

describe("RequestBody", () => {
  it("keeps what is no form as it is", () => {
    const body = new RequestBody();
    expect(body.empty).toBe(true);
    body.add(Buffer.from('{"a":'));
    body.add(Buffer.from("1}"));
    expect(body.taken()?.toString()).toBe('{"a":1}');
  });
});
