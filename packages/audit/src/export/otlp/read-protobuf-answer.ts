/** What an `ExportLogsServiceResponse` says. */
export interface OtlpAnswer {
  readonly rejected: bigint;
  readonly message: string;
}

interface Field {
  readonly number: number;
  /** The value of a varint, the bytes of a length-delimited field; nothing for the others, which are skipped. */
  readonly varint?: bigint;
  readonly bytes?: Uint8Array;
}

/** Reads the bytes of an `ExportLogsServiceResponse`; `undefined` when they are none. Unknown fields are passed over. */
export function readProtobufAnswer(bytes: Uint8Array): OtlpAnswer | undefined {
  let answer: OtlpAnswer | undefined = { rejected: 0n, message: '' };
  const fields = fieldsOf(bytes);
  if (fields === undefined) return undefined;
  for (const { number, bytes: inner } of fields) {
    if (number !== 1) continue;
    answer = inner === undefined ? undefined : readPartialSuccess(inner);
    if (answer === undefined) return undefined;
  }
  return answer;
}

function readPartialSuccess(bytes: Uint8Array): OtlpAnswer | undefined {
  const fields = fieldsOf(bytes);
  if (fields === undefined) return undefined;
  let rejected = 0n;
  let message = '';
  for (const { number, varint, bytes: inner } of fields) {
    if ((number === 1 && varint === undefined) || (number === 2 && inner === undefined)) return undefined;
    if (number === 1) rejected = BigInt.asIntN(64, varint ?? 0n);
    if (number === 2) message = Buffer.from(inner ?? []).toString('utf8');
  }
  return { rejected, message };
}

/** Field numbers have 29 bits. */
const maxTag = 0xffff_ffffn;

/** The fields of a message; `undefined` when the bytes are no whole message. */
function fieldsOf(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint | undefined => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) return undefined;
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return undefined;
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = tag === undefined ? 0 : Number(tag >> 3n);
    if (tag === undefined || tag > maxTag || number === 0) return undefined;
    const wire = Number(tag & 7n);
    if (wire === 0) {
      const value = varint();
      if (value === undefined) return undefined;
      fields.push({ number, varint: value });
      continue;
    }
    const length = wire === 1 ? 8n : wire === 5 ? 4n : wire === 2 ? varint() : undefined;
    if (length === undefined || length > BigInt(bytes.length - at)) return undefined;
    fields.push(wire === 2 ? { number, bytes: bytes.subarray(at, at + Number(length)) } : { number });
    at += Number(length);
  }
  return fields;
}
