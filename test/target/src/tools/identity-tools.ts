import { z } from 'zod';
import { recordEffect } from '../effects.ts';
import { text, type Tool } from './tool.ts';

export const identityTools: readonly Tool[] = [
  {
    name: 'whoami',
    description: 'Says who is calling',
    input: {},
    run(_args, { caller }) {
      recordEffect('whoami', caller?.subject);
      const who = {
        iss: caller?.issuer ?? null,
        sub: caller?.subject ?? null,
        clientId: caller?.clientId ?? null,
        scopes: [...(caller?.scopes ?? [])],
      };
      return { ...text(JSON.stringify(who)), structuredContent: who };
    },
  },
  {
    name: 'echo',
    description: 'Returns the text',
    input: { text: z.string() },
    run(args, { caller }) {
      recordEffect('echo', caller?.subject);
      return text(String(args['text']));
    },
  },
  {
    name: 'unlisted',
    description: 'Registered, but not in the card: must stay unreachable',
    input: {},
    run(_args, { caller }) {
      recordEffect('unlisted', caller?.subject);
      return text('this must never be read');
    },
  },
];
