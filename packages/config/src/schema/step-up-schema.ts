import { z } from 'zod';
import type { StepUpValues } from '../types/config-values.ts';
import type { StepUpInput } from '../types/step-up-input.ts';
import { agreed } from './agreement.ts';
import { entry, field, plainText } from './field.ts';

const stepUp = z.strictObject({
  securitySchemes: field(z.boolean().default(false), {
    description:
      'Say in tool lists which scopes each tool takes: `securitySchemes` on the tool and in its `_meta`, from the card. ChatGPT reads it.',
    expected: 'true or false',
    example: true,
  }),
  listDisclosedTools: field(z.boolean().default(false), {
    description:
      'List also tools that the caller lacks scopes for, so that clients that only know what is listed can offer them and step up. Hidden tools, and tools that are not in the card, stay out.',
    expected: 'true or false',
    example: true,
  }),
  wwwAuthenticateMetaFor: field(
    z
      .array(entry(plainText(), 'a client id, or "*" for every client', 'https://client.example.com/oauth/client.json'))
      .default([]),
    {
      description:
        'Client ids that read the challenge of a refused tool call in the result, `_meta["mcp/www_authenticate"]` of a tool error in HTTP 200, and not in `WWW-Authenticate` of HTTP 403. `"*"` is every client, which keeps clients that follow MCP from stepping up.',
      expected: 'a list of client ids',
      example: ['https://client.example.com/oauth/client.json'],
    },
  ),
  repeatGrantedScopes: field(z.boolean().default(false), {
    description:
      'Repeat in the challenge of a refused call the scopes of the card that the token has already, after those the operation needs. For clients that ask for nothing but the challenge and so lose what they had.',
    expected: 'true or false',
    example: true,
  }),
});

export const stepUpSchema: z.ZodType<StepUpValues, StepUpInput> = agreed<StepUpInput, StepUpValues>()(stepUp);
