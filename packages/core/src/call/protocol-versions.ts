import type { Era } from './mcp-call.ts';

/** Revisions served per era, the preferred one first. Legacy: those of the official SDK. */
export const protocolVersions: Readonly<Record<Era, readonly string[]>> = Object.freeze({
  modern: Object.freeze(['2026-07-28']),
  legacy: Object.freeze(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07']),
});

/** The revision of a 2025-era call that names none (2025-06-18, streamable HTTP, protocol version header). */
export const unnamedVersion = '2025-03-26';

/** Whether a revision belongs to the modern era. Revisions are dates, so the order of strings is theirs; the SDK compares so. */
export function isModernVersion(version: string): boolean {
  return version >= '2026-07-28';
}
