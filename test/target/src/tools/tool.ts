import type { Principal } from '@sallyport/core';
import type { z } from 'zod';

export interface ToolResult {
  [key: string]: unknown;
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** What a tool of the target gets of its call, the same on both SDK lines. */
export interface ToolRun {
  readonly caller: Principal | undefined;
  readonly signal: AbortSignal;
  /** Sends a progress notification on the stream of this call. */
  progress(progress: number, total: number): Promise<void>;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodRawShape;
  run(args: Record<string, unknown>, run: ToolRun): Promise<ToolResult> | ToolResult;
}

export function text(content: string): ToolResult {
  return { content: [{ type: 'text', text: content }] };
}

export function failure(content: string): ToolResult {
  return { ...text(content), isError: true };
}
