import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { reasons, type ReasonInfo } from '@sallyport/core';

import { literalText, parseModule } from '../workspace/parse.ts';

/** An error code and the facts about it that the catalogue states. */
export interface CodeFacts {
  readonly code: string;
  /** Lines of the list under the code's heading, without the dash. */
  readonly facts: readonly string[];
}

/** Every code of a refusal, with what a caller gets. Reasons that share a code must be told apart by nothing a caller sees. */
export function refusalCodes(table: Readonly<Record<string, ReasonInfo>> = reasons): CodeFacts[] {
  const byCode = new Map<string, { info: ReasonInfo; names: string[] }>();
  for (const [name, info] of Object.entries(table)) {
    const known = byCode.get(info.code);
    if (known === undefined) {
      byCode.set(info.code, { info, names: [name] });
      continue;
    }
    if (visible(known.info) !== visible(info))
      throw new Error(`${info.code} stands for reasons that answer differently`);
    known.names.push(name);
  }
  return [...byCode].map(([code, { info, names }]) => ({
    code,
    facts: [
      `Answer: HTTP ${info.status}, \`error.code\` ${info.rpcCode ?? info.status}, ${challenge(info)}.`,
      `Message: ${info.message}`,
      `Reason in the audit log: ${names.map((name) => `\`${name}\``).join(', ')}, in ${article(info.record)} \`${info.record}\` record.`,
    ],
  }));
}

/** Every code that stops a process at start or a command, read from the union in core's sources: a type leaves nothing to import. */
export function setupCodes(root: string): CodeFacts[] {
  const file = 'packages/core/src/errors/sallyport-error.ts';
  const codes: string[] = [];
  const parsed = parseModule(file, readFileSync(join(root, file), 'utf8'), {
    TSTypeAliasDeclaration: (node) => {
      if (node.id.name !== 'SetupErrorCode' || node.typeAnnotation.type !== 'TSUnionType') return;
      for (const member of node.typeAnnotation.types) {
        const code = member.type === 'TSLiteralType' ? literalText(member.literal) : undefined;
        if (code !== undefined) codes.push(code);
      }
    },
  });
  if (parsed.broken !== undefined) throw new Error(`${file} ${parsed.broken}`);
  if (codes.length === 0) throw new Error(`${file} has no union SetupErrorCode`);
  return codes.map((code) => ({
    code,
    facts: ['Answer: none; the process or the command stops with a message and a non-zero exit code.'],
  }));
}

function visible(info: ReasonInfo): string {
  return JSON.stringify([info.status, info.rpcCode, info.challenge, info.message]);
}

function challenge(info: ReasonInfo): string {
  switch (info.challenge) {
    case 'none':
      return 'no challenge';
    case 'metadata':
      return 'a challenge with `resource_metadata` only';
    case 'bare':
      return 'a challenge without `error`';
    case 'invalid_token':
    case 'invalid_request':
    case 'insufficient_scope':
    case 'insufficient_user_authentication':
      return `challenge \`${info.challenge}\``;
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      return `\`DPoP\` challenge \`${info.challenge}\``;
  }
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
