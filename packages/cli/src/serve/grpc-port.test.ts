import { expect, it } from "vitest";
import { CommandError } from "../command.ts";
import { grpcPortOf } from "./grpc-port.ts";

it("is the usual one beside the usual port for HTTP, and none beside another", () => {
  expect(grpcPortOf(undefined, 4318)).toBe(4317);
  expect(grpcPortOf(undefined, 4400)).toBeUndefined();
  expect(grpcPortOf(undefined, 0)).toBeUndefined();
});

it("is what was told, and none for off and 0", () => {
  expect(grpcPortOf("4401", 4400)).toBe(4401);
  expect(grpcPortOf("off", 4318)).toBeUndefined();
  expect(grpcPortOf("OFF", 4318)).toBeUndefined();
  expect(grpcPortOf("0", 4318)).toBeUndefined();
});

it("refuses what is no port", () => {
  expect(() => grpcPortOf("grpc", 4318)).toThrow(CommandError);
  expect(() => grpcPortOf("70000", 4318)).toThrow(CommandError);
});
