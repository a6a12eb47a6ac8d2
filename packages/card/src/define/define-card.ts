import { isJsonObject, SetupError, type JsonObject } from '@sallyport/core';
import { accessKey } from '../card/card.ts';
import { inspectDocument } from '../card/inspect-document.ts';
import { cardError } from '../card/load-card.ts';
import { ProblemList } from '../card/problem-list.ts';
import { cardSchemaUrl } from '../card/read-identity.ts';
import type { CardInput } from './card-input.ts';

/**
 * A Server Card in code: a document for `loadCard` and for `card` of a configuration. Scopes that are not declared are mistakes for the compiler;
 * everything else is checked when it is called. The document is frozen and shares nothing with the input.
 *
 * Throws `SetupError` with code `ERR_CARD_INVALID` and the JSON pointer of the first mistake.
 */
export function defineCard<const S extends string = never>(input: CardInput<S>): JsonObject {
  const { name, version, description, title, scopes, tools, resources, prompts, _meta, ...rest } = input;
  const policy = Object.entries({ scopes, tools, resources, prompts }).filter(([, part]) => part !== undefined);
  const value = {
    $schema: cardSchemaUrl,
    name,
    ...(title !== undefined && { title }),
    description,
    version,
    ...rest,
    _meta: { ..._meta, [accessKey]: Object.fromEntries(policy) },
  };
  if (isJsonObject(_meta) && Object.hasOwn(_meta, accessKey)) throw writtenTwice();
  const report = inspectDocument({ value }, new ProblemList());
  if (report.card === undefined) throw cardError(report);
  return report.card.document;
}

function writtenTwice(): SetupError {
  return new SetupError({
    code: 'ERR_CARD_INVALID',
    field: `/_meta/${accessKey.replace('/', '~1')}`,
    problem: 'is written from scopes, tools, resources and prompts',
    remedy: 'remove it',
  });
}
