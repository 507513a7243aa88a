const traceloop = require("@traceloop/node-server-sdk");

exports.watch = (sink) => {
  traceloop.initialize({
    appName: "bench",
    apiKey: "none",
    baseUrl: sink,
    disableBatch: false,
    silenceInitializationMessage: true,
    traceloopSyncEnabled: false,
    tracingEnabled: true,
  });
  return { flush: () => traceloop.forceFlush() };
};
