import { expect, test } from "vitest";
import { checkTraffic } from "./check-traffic.ts";
import { readPrometheus } from "./read-prometheus.ts";

const SERVER = "http://127.0.0.1:4318";
const look = (page: string): string[] =>
  checkTraffic(readPrometheus(page), SERVER).map(({ status, subject, text }) => `${status} ${subject}: ${text}`);

test("says that nothing has come, and where to send", () => {
  const [found, ...others] = checkTraffic(readPrometheus("telltale_engine_ready 1\n"), SERVER);
  expect(others).toEqual([]);
  expect(found?.text).toContain("no request");
  expect(found?.advice).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${SERVER}`);
});

test("is content with spans that were accepted", () => {
  const page = `
telltale_receiver_requests_total{signal="traces",status="200"} 3
telltale_receiver_records_total{signal="traces",outcome="accepted"} 12`;
  expect(look(page)).toEqual(["ok traffic: 3 requests since the start, 12 spans accepted"]);
});

test("names every reason for which requests and records were refused", () => {
  const page = `
telltale_receiver_requests_total{signal="traces",status="415"} 2
telltale_receiver_requests_total{signal="logs",status="413"} 1
telltale_receiver_requests_total{signal="traces",status="200"} 1
telltale_receiver_records_total{signal="traces",outcome="rejected"} 4
telltale_engine_undecodable_total 5
telltale_engine_refused_rows_total 0`;
  expect(look(page)).toEqual([
    "hint traffic: 4 requests since the start, 0 spans accepted",
    "problem refused: 1 requests were answered 413: they were larger than 64 MiB after decompression: send smaller batches",
    "problem refused: 2 requests were answered 415: their content type is not application/x-protobuf or application/json",
    "problem rejected: 4 records of accepted requests were rejected: they have no valid trace id or span id",
    "problem stored: 5 records could not be decoded and 0 rows were refused by the store",
  ]);
});
