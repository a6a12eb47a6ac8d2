import { is } from './byte-text.ts';

/** Bits of the members that have been seen. */
export const memberBits: {
  readonly v: 1;
  readonly id: 2;
  readonly type: 4;
  readonly at: 8;
  readonly monoNs: 16;
  readonly boot: 32;
  readonly stream: 64;
  readonly seq: 128;
  readonly call: 256;
  readonly decision: 512;
  readonly outcome: 1024;
  readonly redaction: 2048;
} = {
  v: 1,
  id: 2,
  type: 4,
  at: 8,
  monoNs: 16,
  boot: 32,
  stream: 64,
  seq: 128,
  call: 256,
  decision: 512,
  outcome: 1024,
  redaction: 2048,
};
/** Those that every record has. */
export const neededBits: number = 255;

/** The bit of a member; 0 for one that is not needed, -1 for a name that must be read in full. */
export function bitOf(bytes: Buffer, start: number, end: number): number {
  switch (end - start) {
    case 1:
      return bytes[start] === 0x76 ? memberBits.v : 0;
    case 2:
      if (is(bytes, start, 'id')) return memberBits.id;
      return is(bytes, start, 'at') ? memberBits.at : 0;
    case 3:
      return is(bytes, start, 'seq') ? memberBits.seq : 0;
    case 4:
      if (is(bytes, start, 'type')) return memberBits.type;
      if (is(bytes, start, 'boot')) return memberBits.boot;
      return is(bytes, start, 'call') ? memberBits.call : 0;
    case 6:
      if (is(bytes, start, 'monoNs')) return memberBits.monoNs;
      return is(bytes, start, 'stream') ? memberBits.stream : escaped(bytes, start, end);
    case 7:
      return is(bytes, start, 'outcome') ? memberBits.outcome : escaped(bytes, start, end);
    case 8:
      return is(bytes, start, 'decision') ? memberBits.decision : escaped(bytes, start, end);
    case 9:
      return is(bytes, start, 'redaction') ? memberBits.redaction : escaped(bytes, start, end);
    default:
      return escaped(bytes, start, end);
  }
}

/** A name with a backslash may be any of the others. */
function escaped(bytes: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at += 1) if (bytes[at] === 0x5c) return -1;
  return 0;
}
