/**
 * A member or element as JSON has it: what `JSON.stringify` makes of it, one level deep. `undefined` for what it leaves out.
 * Bytes are their Base64 as a data URL, which is what keeps them from being recorded as a list of numbers.
 *
 * @throws TypeError for a `bigint`; whatever `toJSON` throws.
 */
export function jsonMember(value: unknown, key: string): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'object':
      return value === null ? null : objectMember(value, key);
    case 'bigint':
      throw new TypeError('not JSON');
    default:
      return undefined;
  }
}

function objectMember(value: object, key: string): unknown {
  if (ArrayBuffer.isView(value)) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return `data:application/octet-stream;base64,${bytes.toString('base64')}`;
  }
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON !== 'function') return value;
  const replaced: unknown = toJSON.call(value, key);
  if (typeof replaced === 'object' && replaced !== null) return replaced;
  return jsonMember(replaced, key);
}
