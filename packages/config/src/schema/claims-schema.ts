import { z } from 'zod';
import type { ClaimPathInput, ClaimsInput } from '../types/config-input.ts';
import { agreed } from './agreement.ts';
import { field, plainText } from './field.ts';

const claimPath = z.union([plainText(), z.array(plainText()).min(1)]) as unknown as z.ZodType<
  ClaimPathInput,
  ClaimPathInput
>;

function path(description: string, example: ClaimPathInput): z.ZodExactOptional<typeof claimPath> {
  return field(claimPath.exactOptional(), {
    description,
    expected: 'the name of a claim, or a list of the names that lead to it',
    example,
    defaultText: 'as in the profile',
  });
}

const claims = z.strictObject({
  scopes: path('The granted scopes: a string with spaces or a list of strings.', 'permissions'),
  clientId: path('The client id.', 'cid'),
  tenant: path('The tenant or organisation of the subject, a string.', 'org_id'),
  groups: path('The groups of the subject: a list of strings, or one string.', 'https://example.com/groups'),
  roles: path('The roles of the subject: a list of strings, or one string.', ['resource_access', 'mcp', 'roles']),
});

export const claimsSchema: z.ZodType<ClaimsInput, ClaimsInput> = agreed<ClaimsInput, ClaimsInput>()(claims);
