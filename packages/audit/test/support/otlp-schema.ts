import root from '@opentelemetry/otlp-schema/build/src/generated/root.js';

/** A message as protobufjs makes it from the schema. */
interface MessageClass<T> {
  encode(message: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
  /** What is wrong with a message, or null. */
  verify(message: T): string | null;
  toObject(message: T, options: object): object;
}

interface LogsResponse {
  readonly partialSuccess?: { readonly rejectedLogRecords?: number; readonly errorMessage?: string };
}

interface LogsService {
  readonly ExportLogsServiceRequest: MessageClass<object>;
  readonly ExportLogsServiceResponse: MessageClass<LogsResponse>;
}

interface Schema {
  readonly opentelemetry: { readonly proto: { readonly collector: { readonly logs: { readonly v1: LogsService } } } };
}

/** The classes of the official OTLP schema, made by protobufjs. */
export const { ExportLogsServiceRequest, ExportLogsServiceResponse }: LogsService = (root as unknown as Schema)
  .opentelemetry.proto.collector.logs.v1;
