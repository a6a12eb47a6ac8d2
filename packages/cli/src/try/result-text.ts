import type { CallToolResult } from '@modelcontextprotocol/client';
import { printable, printableJson, printableLines } from '../terminal/printable.ts';

/** The result of a tool for people: its texts as they are, the rest described. Unprintable characters are escaped. */
export function resultText(result: CallToolResult): string {
  const parts = result.content.map((block) => {
    switch (block.type) {
      case 'text':
        return printableLines(block.text);
      case 'image':
      case 'audio':
        return `[${block.type} ${printable(block.mimeType)}, ${Math.floor((block.data.length * 3) / 4)} bytes]`;
      case 'resource_link':
        return `[resource ${printable(block.uri)}]`;
      case 'resource':
        return 'text' in block.resource
          ? printableLines(block.resource.text)
          : `[resource ${printable(block.resource.uri)}, binary]`;
    }
  });
  if (parts.length === 0 && result.structuredContent !== undefined) return printableJson(result.structuredContent);
  return parts.join('\n');
}
