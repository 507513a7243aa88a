// Written by `npm run lists` from the files of this folder.
import type { Receiver } from "../receiver.ts";
import { otlpGrpc } from "./otlp-grpc.ts";
import { otlpHttp } from "./otlp-http.ts";

/** Every part of this folder, by name. */
export const receivers: readonly Receiver[] = [otlpGrpc, otlpHttp];
