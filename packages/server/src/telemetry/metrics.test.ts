import { describe, expect, it } from "vitest";
import { Metrics } from "./metrics.ts";

describe("metrics", () => {
  it("are written in Prometheus' text format", () => {
    const metrics = new Metrics();
    const requests = metrics.counter("telltale_requests_total", "Requests\nanswered");
    requests.add(1, { path: "/v1/traces", status: 200 });
    requests.add(2, { path: "/v1/traces", status: 200 });
    requests.add(1, { path: 'a"b\\c', status: 400 });
    metrics.gauge("telltale_bytes", "Bytes now", () => 7);
    metrics.gauges("telltale_left", "Left by name", () => [
      [{ name: "a" }, 1],
      [{ name: "b" }, 0.5],
    ]);
    const seconds = metrics.histogram("telltale_seconds", "Durations", [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 3]) seconds.observe(value);
    expect(metrics.text()).toBe(
      [
        "# HELP telltale_requests_total Requests\\nanswered",
        "# TYPE telltale_requests_total counter",
        'telltale_requests_total{path="/v1/traces",status="200"} 3',
        'telltale_requests_total{path="a\\"b\\\\c",status="400"} 1',
        "",
        "# HELP telltale_bytes Bytes now",
        "# TYPE telltale_bytes gauge",
        "telltale_bytes 7",
        "",
        "# HELP telltale_left Left by name",
        "# TYPE telltale_left gauge",
        'telltale_left{name="a"} 1',
        'telltale_left{name="b"} 0.5',
        "",
        "# HELP telltale_seconds Durations",
        "# TYPE telltale_seconds histogram",
        'telltale_seconds_bucket{le="0.1"} 2',
        'telltale_seconds_bucket{le="1"} 3',
        'telltale_seconds_bucket{le="+Inf"} 4',
        "telltale_seconds_sum 3.65",
        "telltale_seconds_count 4",
        "",
      ].join("\n"),
    );
  });

  it("are the same when asked for twice", () => {
    const metrics = new Metrics();
    metrics.counter("telltale_total", "All").add(1);
    metrics.counter("telltale_total", "All").add(1);
    expect(metrics.text()).toContain("telltale_total 2");
  });
});
