import type { AuditRecord } from '@sallyport/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExportBatch } from '../../../src/index.ts';
import { createOtlpEncoder } from '../../../src/export/otlp/otlp-bytes.ts';
import { ExportLogsServiceRequest } from '../../support/otlp-schema.ts';

function batchOf(members: readonly object[]): ExportBatch {
  const records = members.map((member, seq) => {
    const record = {
      v: 1,
      id: `id-${seq}`,
      type: 'mcp.decision',
      at: '2026-11-20T21:00:00.123Z',
      seq,
      stream: 'pod-a',
      ...member,
    };
    return { seq, record: record as unknown as AuditRecord, line: Buffer.from(JSON.stringify(record)) };
  });
  return { stream: 'pod-a', records };
}

interface Decoded {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: object }[] };
    readonly scopeLogs: readonly { readonly scope: object; readonly logRecords: readonly Record<string, never>[] }[];
  }[];
}

async function both(batch: ExportBatch): Promise<readonly Decoded[]> {
  const resource = { 'service.name': 'notes', 'host.name': 'h' };
  const json = await (await createOtlpEncoder('json', resource))(batch);
  const bytes = await (await createOtlpEncoder('protobuf', resource))(batch);
  expect(ExportLogsServiceRequest.verify(ExportLogsServiceRequest.decode(bytes))).toBeNull();
  const decoded = ExportLogsServiceRequest.toObject(ExportLogsServiceRequest.decode(bytes), {
    longs: String,
    bytes: String,
  });
  return [JSON.parse(Buffer.from(json).toString('utf8')) as Decoded, decoded as unknown as Decoded];
}

const recordsOf = (decoded: Decoded): readonly Record<string, never>[] =>
  decoded.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));

describe('the bytes of a batch', () => {
  test('are a request of the official schema, with resource, scope, event name, time and severity', async () => {
    const span = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
    for (const decoded of await both(batchOf([{ trace: span, decision: { effect: 'deny' } }]))) {
      const [{ resource, scopeLogs } = { resource: { attributes: [] }, scopeLogs: [] }] = decoded.resourceLogs;
      expect(resource.attributes).toEqual([
        { key: 'service.name', value: { stringValue: 'notes' } },
        { key: 'host.name', value: { stringValue: 'h' } },
        { key: 'audit.stream', value: { stringValue: 'pod-a' } },
      ]);
      expect(scopeLogs[0]?.scope).toEqual({
        name: '@sallyport/audit',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      });
      expect(recordsOf(decoded)[0]).toMatchObject({
        timeUnixNano: '1795208400123000000',
        observedTimeUnixNano: '1795208400123000000',
        severityNumber: 13,
        severityText: 'WARN',
        eventName: 'sallyport.mcp.decision',
      });
    }
  });

  test('hold every record once and in order, however many there are', async () => {
    for (const count of [1, 31, 32, 33, 200]) {
      const batch = batchOf(Array.from({ length: count }, () => ({})));
      for (const decoded of await both(batch)) {
        const bodies = recordsOf(decoded).map(({ body }) => (body as unknown as { stringValue: string }).stringValue);
        expect(bodies).toEqual(batch.records.map(({ line }) => line.toString('utf8')));
      }
    }
  });

  test('can be decoded whatever a record holds: lone surrogates, huge numbers, impossible times', async () => {
    const strange = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), {
      maxKeys: 5,
    });
    const at = fc.oneof(
      fc.string(),
      fc.constantFrom('+275760-09-13T00:00:00.000Z', '1960-01-01T00:00:00.000Z', 'never'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ actor: strange, at }), { minLength: 1, maxLength: 3 }), async (members) => {
        const batch = batchOf([...members, { n: 1e300, half: 0.5, bad: '\ud800x' }]);
        const [json, protobuf] = await both(batch);
        if (json === undefined || protobuf === undefined) throw new Error('nothing was decoded');
        expect(recordsOf(protobuf)).toHaveLength(batch.records.length);
        expect(recordsOf(json).map(({ timeUnixNano }) => timeUnixNano)).toEqual(
          recordsOf(protobuf).map(({ timeUnixNano }) => timeUnixNano),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('are the same when a record is sent again', async () => {
    const encode = await createOtlpEncoder('protobuf', { 'service.name': 'notes' });
    const batch = batchOf([{}, {}]);
    expect(Buffer.from(await encode(batch))).toEqual(Buffer.from(await encode(batch)));
  });
});
