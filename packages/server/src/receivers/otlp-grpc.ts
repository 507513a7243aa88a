import type { Buffer } from "node:buffer";
import type * as GrpcModule from "@grpc/grpc-js";
import type { handleUnaryCall, Metadata, sendUnaryData, ServerInterceptor, ServiceDefinition } from "@grpc/grpc-js";
import type { Journal } from "../journal/journal.ts";
import type { Signal } from "../otlp/record.ts";
import { writeExportResponse } from "../otlp/write-response.ts";
import { type Intake, processIntake, refusalFor } from "../receive/intake.ts";
import { type ConnectionServer, listenAndLoad } from "../receive/late-connections.ts";
import { projectOf } from "../receive/project-header.ts";
import { Refusal } from "../receive/refusal.ts";
import { statusDetails } from "../receive/rpc-status.ts";
import { Turns } from "../receive/turns.ts";
import type { PortReceiver } from "../receiver.ts";

type Grpc = typeof GrpcModule;

/** Paths of opentelemetry-proto, collector/<signal>/v1/<signal>_service.proto. */
const METHODS: ReadonlyMap<string, Signal> = new Map([
  ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", "traces"],
  ["/opentelemetry.proto.collector.logs.v1.LogsService/Export", "logs"],
  ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", "metrics"],
]);
/** The library puts a message together before it can be counted; so few are put together at one time. */
const MESSAGES_AT_ONCE = 8;
/** A message that trickles in must not keep others waiting. */
const MESSAGE_MS = 30_000;
const TOO_SLOW = "the message did not come in in time: try again";
/** Of one connection; clients queue what is more. */
const CALLS_PER_CONNECTION = 100;
const DRAIN_MS = 2_000;
/** The header `grpc-message` must fit into what clients accept as headers (8 KiB), percent-encoded. */
const MAX_MESSAGE = 500;

/** OTLP over gRPC (opentelemetry-proto, specification.md, OTLP/gRPC): one unary `Export` per signal. */
export const otlpGrpc: PortReceiver = createOtlpGrpc(processIntake);

/** Makes an OTLP/gRPC receiver with bounds of its own, which waits so long for a message, also for its turn. */
export function createOtlpGrpc(intake: Intake, messageMs: number = MESSAGE_MS): PortReceiver {
  return {
    name: "otlp-grpc",
    listen: (place, journal) =>
      listenAndLoad(place, async () => connectionServer(await import("@grpc/grpc-js"), { intake, journal, messageMs })),
  };
}

interface Service {
  readonly intake: Intake;
  readonly journal: Journal;
  readonly messageMs: number;
}

function connectionServer(grpc: Grpc, service: Service): ConnectionServer {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": service.intake.maxBodyBytes,
    "grpc.max_concurrent_streams": CALLS_PER_CONNECTION,
    "grpc.enable_channelz": 0,
    interceptors: [inTurn(grpc, new Turns(MESSAGES_AT_ONCE), service)],
  });
  for (const [path, signal] of METHODS)
    server.addService(exportService(path), { Export: exporter(grpc, signal, service) });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  return {
    serve: (connection) => injector.injectConnection(connection),
    drain: () => injector.drain(DRAIN_MS),
  };
}

/** Messages are passed on as bytes: what they say is read by the receiver's own reader, or not at all. */
function exportService(path: string): ServiceDefinition {
  const same = (bytes: Buffer): Buffer => bytes;
  const bytes = {
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
  return { Export: { path, requestStream: false, responseStream: false, ...bytes } };
}

function exporter(grpc: Grpc, signal: Signal, { intake, journal }: Service): handleUnaryCall<Buffer, Buffer> {
  const answer = async (request: Buffer, metadata: Metadata, reply: sendUnaryData<Buffer>): Promise<void> => {
    const lease = intake.lease();
    try {
      lease.take(request.length);
      const [project] = metadata.get("x-telltale-project");
      const kept = { signal, encoding: "protobuf", project: projectOf(project?.toString()), body: request } as const;
      reply(null, writeExportResponse(signal, "protobuf", await intake.keep(kept, journal)));
      intake.answered(signal, 200);
    } catch (error) {
      const refusal = refusalFor(error);
      reply(statusOf(grpc, refusal));
      intake.answered(signal, refusal.status);
    } finally {
      lease.release();
    }
  };
  return ({ request, metadata }, reply) => void answer(request, metadata, reply);
}

function statusOf(grpc: Grpc, refusal: Refusal): { code: number; details: string; metadata: Metadata } {
  const details = refusal.message.slice(0, MAX_MESSAGE).toWellFormed();
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", statusDetails(refusal, details));
  return { code: refusal.rpcCode, details, metadata };
}

/** Lets a bounded number of messages come in at one time; the others wait, and the window of HTTP/2 holds their senders. */
function inTurn(grpc: Grpc, turns: Turns, { intake, messageMs }: Service): ServerInterceptor {
  return (method, call) => {
    const signal = METHODS.get(method.path);
    let end = (): void => undefined;
    let isComplete = false;
    let timer: NodeJS.Timeout | undefined;
    const over = (): void => {
      clearTimeout(timer);
      end();
    };
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        timer = setTimeout(() => call.sendStatus(statusOf(grpc, new Refusal(503, TOO_SLOW, 1))), messageMs);
        end = turns.take(() => next(metadata));
      })
      .withOnReceiveMessage((message, next) => {
        over();
        isComplete = true;
        next(message);
      })
      .withOnCancel(() => {
        over();
        if (signal !== undefined && !isComplete) intake.answered(signal, 499);
      })
      .build();
    return new grpc.ServerInterceptingCall(
      call,
      new grpc.ResponderBuilder().withStart((next) => next(listener)).build(),
    );
  };
}
