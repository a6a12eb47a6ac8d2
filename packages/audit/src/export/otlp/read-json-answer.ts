import { isJsonObject, member } from '@sallyport/core';
import type { OtlpAnswer } from './read-protobuf-answer.ts';

/** Reads an `ExportLogsServiceResponse` as JSON; `undefined` when it is none. 64-bit numbers may be texts (proto3 JSON mapping). */
export function readJsonAnswer(bytes: Uint8Array): OtlpAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const partial = member(value, 'partialSuccess') ?? member(value, 'partial_success') ?? {};
  if (!isJsonObject(partial)) return undefined;
  const count = member(partial, 'rejectedLogRecords') ?? member(partial, 'rejected_log_records') ?? 0;
  const message = member(partial, 'errorMessage') ?? member(partial, 'error_message') ?? '';
  if (typeof message !== 'string') return undefined;
  if (typeof count === 'number' && Number.isSafeInteger(count)) return { rejected: BigInt(count), message };
  if (typeof count === 'string' && /^-?[0-9]{1,19}$/.test(count)) return { rejected: BigInt(count), message };
  return undefined;
}
