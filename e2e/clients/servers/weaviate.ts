import { startScriptedHttp2Server } from "../testing/scripted-http2-server.ts";
import {
  type Reply,
  type ScriptedServer,
  type ServedRequest,
  startScriptedServer,
} from "../testing/scripted-server.ts";

type Part = readonly [field: number, value: Buffer | string | number];

/** The wire format of protobuf: texts and messages with their length, floats, whole numbers. */
function message(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.flatMap(([field, value]) => {
      if (typeof value === "number" && !Number.isInteger(value)) {
        const float = Buffer.alloc(4);
        float.writeFloatLE(value);
        return [varint(field * 8 + 5), float];
      }
      if (typeof value === "number") return [varint(field * 8), varint(value)];
      const bytes = Buffer.from(value as string);
      return [varint(field * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) | 128 : rest);
    if (rest < 128) return Buffer.from(bytes);
  }
}

const text = (value: string): Buffer => message([13, value]);
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(9, 9);
  bytes.writeDoubleLE(value, 1);
  return bytes;
};
const property = (name: string, value: Buffer): Part => [1, message([1, name], [2, value])];
const PROPERTIES = [
  message(
    property("body", text("Parcels arrive — 東京 🗼.")),
    property("title", text("Parcels")),
    property("words", message([8, 3])),
    property("rating", double(4.5)),
    property("isNew", message([3, 1])),
    property("tags", message([5, message([8, message([1, "post"], [1, "help"])])])),
  ),
  message(property("body", text("Others do not."))),
];
const IDS = ["0f1e2d3c-0000-4000-8000-000000000001", "0f1e2d3c-0000-4000-8000-000000000002"];
const NEAR = { distance: [7, 8], score: [11, 12] } as const;

function result(index: number, near: keyof typeof NEAR | undefined): Buffer {
  const id = Buffer.from(String(IDS[index]).replaceAll("-", ""), "hex");
  const nearness: Part[] =
    near === undefined
      ? []
      : [
          [NEAR[near][0], index === 0 ? 0.25 : 0.7],
          [NEAR[near][1], 1],
        ];
  const properties = message([11, PROPERTIES[index] ?? ""]);
  return message([1, properties], [2, message([1, String(IDS[index])], ...nearness, [20, id])]);
}

/** A message as gRPC sends it, and how it went. */
function answer(body: Buffer): Reply {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  return { headers: GRPC, bytes: Buffer.concat([prefix, body]), trailers: { "grpc-status": "0" } };
}

const GRPC = { "content-type": "application/grpc+proto" };

/** The gRPC of Weaviate as the scenarios need it; the name of the collection says what happens. */
function grpcScript({ path, bytes }: ServedRequest): Reply {
  if (path.endsWith("/Check")) return answer(message([1, 1]));
  const asked = bytes.toString("latin1");
  if (asked.includes("Missing"))
    return {
      headers: GRPC,
      bytes: "",
      trailers: { "grpc-status": "5", "grpc-message": "no class %22Missing%22: 100%25" },
    };
  if (asked.includes("Lost")) return { headers: { ...GRPC, "grpc-status": "14", "grpc-message": "away" }, bytes: "" };
  if (asked.includes("Never")) return "hang";
  if (path.endsWith("/BatchObjects")) return answer(message([1, 0.5], [2, message([1, 1], [2, "no such property"])]));
  const has = (field: number): boolean => bytes.includes(varint(field * 8 + 2));
  const near = asked.includes("lost parcel") ? "score" : "distance";
  const results = [0, 1].map((index) => result(index, near));
  const isGrouped = has(22) && asked.includes("title");
  const groups: Part[] = results.map((one, index) => [4, message([1, `group-${index}`], [5, one])]);
  return answer(message([1, 0.001], ...(isGrouped ? groups : results.map((one): Part => [2, one]))));
}

function restScript({ path }: ServedRequest): Reply {
  if (path.endsWith("/meta")) return { json: { version: "1.34.0", modules: {}, hostname: "http://[::]:8080" } };
  return { json: {} };
}

/** Weaviate's two doors: REST at the address, gRPC at the port that its query names. */
export async function startWeaviate(): Promise<ScriptedServer> {
  const [rest, grpc] = [await startScriptedServer(restScript), await startScriptedHttp2Server(grpcScript)];
  return {
    url: `${rest.url}/?grpc=${new URL(grpc.url).port}`,
    requests: grpc.requests,
    stop: async () => {
      await Promise.all([rest.stop(), grpc.stop()]);
    },
  };
}
