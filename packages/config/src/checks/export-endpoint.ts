import { isIPv6 } from 'node:net';
import type { Complaint } from '../schema/field.ts';
import { checkEndpoint } from './endpoint-url.ts';
import { isLoopback } from './strict-url.ts';

/** Where syslog messages go. */
export interface SyslogEndpoint {
  readonly transport: 'tls' | 'tcp';
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly loopback: boolean;
}

/** RFC 5425 §4.1. Plain TCP has no port of its own. */
const tlsPort = 6514;
const pattern = /^syslog\+(tls|tcp):\/\/([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$/;

/** Reads `syslog+tls://host:port` and `syslog+tcp://host:port`; `undefined` for anything else. */
export function readSyslogEndpoint(text: string): SyslogEndpoint | undefined {
  const [, transport, host = '', digits] = pattern.exec(text) ?? [];
  const port = digits === undefined && transport === 'tls' ? tlsPort : Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  const bare = host.replaceAll(/[[\]]/g, '');
  if (host.startsWith('[') && !isIPv6(bare)) return undefined;
  const loopback = isLoopback(host) || bare === '::1';
  return { transport: transport === 'tcp' ? 'tcp' : 'tls', host: bare, port, loopback };
}

/** The endpoint of an export. Which scheme it must have depends on the type. */
export function checkExportEndpoint(text: string): Complaint | undefined {
  if (!text.startsWith('syslog+')) return checkEndpoint(text);
  if (readSyslogEndpoint(text) !== undefined) return undefined;
  if (readSyslogEndpoint(`${text}:1`) !== undefined) return { fault: 'has no port, and plain TCP has none of its own' };
  return { fault: 'is no syslog+tls://host:port or syslog+tcp://host:port' };
}
