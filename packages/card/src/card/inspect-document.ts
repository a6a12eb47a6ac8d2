import { isJsonObject, type JsonObject, type TextPosition } from '@sallyport/core';
import { policyHash } from '../access/policy-hash.ts';
import { readAccess } from '../access/read-access.ts';
import { findSecrets, findWarnings, type CardWarning } from '../secrets/find-secrets.ts';
import { CardProblem, show, toPointer, type DocumentPath } from './card-problem.ts';
import type { CardText } from './card-text.ts';
import type { Card } from './card.ts';
import { copyJson } from './copy-json.ts';
import type { ProblemList } from './problem-list.ts';
import { readIdentity } from './read-identity.ts';

/** Something in a card, and where it stands. */
export interface CardMistake {
  /** JSON pointer (RFC 6901) in the file; empty for the whole document. */
  readonly pointer: string;
  /** Absent for a card that was given as an object. */
  readonly position?: TextPosition;
  /** What was seen, and what was expected. */
  readonly problem: string;
  readonly remedy: string;
}

/** Something in a valid card that its author may not mean. */
export interface CardRemark extends CardMistake {
  /** `inner-address`: a host or port of an inner network. `credential-name`: a member that is called like a credential. */
  readonly finding: CardWarning['finding'];
}

/** Everything that can be said of a card. */
export interface CardReport {
  /** The file the card stands in. */
  readonly file?: string;
  /** The card; absent when there is a mistake. */
  readonly card?: Card;
  /** The document as it was read, also when its content is not valid; absent for what is no object or repeats a key. */
  readonly document?: JsonObject;
  /** In the order of the text. At most 200; see `mistakeCount`. */
  readonly mistakes: readonly CardMistake[];
  readonly mistakeCount: number;
  /** What does not stop a server. In the order of the text; empty when there is a mistake. */
  readonly warnings: readonly CardRemark[];
}

/** What `readCardFile` returns, or the value of a card that has no text. */
export type CardSource = CardText | { readonly value: unknown; readonly locate?: undefined } | undefined;

/** All that can be said of a card. `base` is the JSON pointer to it within its file. */
export function inspectDocument(source: CardSource, problems: ProblemList, base = ''): Omit<CardReport, 'file'> {
  const clean = problems.total === 0;
  const document = source === undefined ? undefined : readDocument(source.value, problems);
  const card = document === undefined ? undefined : readCard(document, problems);
  const given = clean && document !== undefined ? { document } : {};
  const place = (path: DocumentPath, position?: TextPosition): Pick<CardMistake, 'pointer' | 'position'> => {
    const at = position ?? source?.locate?.(path);
    return { pointer: `${base}${toPointer(path)}`, ...(at !== undefined && { position: at }) };
  };
  const mistakes = problems.kept.map((found) => toMistake(found, place(found.path, found.position)));
  if (card === undefined || problems.total > 0) {
    return { ...given, mistakes: inOrder(mistakes), mistakeCount: problems.total, warnings: [] };
  }
  const warnings = findWarnings(card).map(({ path, ...remark }) => ({ ...place(path), ...remark }));
  return { ...given, card, mistakes: [], mistakeCount: 0, warnings: inOrder(warnings) };
}

function readDocument(value: unknown, problems: ProblemList): JsonObject | undefined {
  const document = problems.attempt(() => copyJson(value));
  if (document === undefined || isJsonObject(document)) return document;
  problems.add(new CardProblem([], `is not an object but ${show(document)}`, 'write the card as one object'));
  return undefined;
}

function readCard(document: JsonObject, problems: ProblemList): Card | undefined {
  const identity = readIdentity(document, problems);
  const access = Object.freeze(readAccess(document, problems));
  if (identity === undefined || problems.total > 0) return undefined;
  const card = Object.freeze({ ...identity, policy: policyHash(access), access, document });
  findSecrets(card, problems);
  return card;
}

function toMistake(
  { path, problem, remedy }: CardProblem,
  place: Pick<CardMistake, 'pointer' | 'position'>,
): CardMistake {
  return { ...place, problem: path.length === 0 ? `the server card ${problem}` : problem, remedy };
}

/** Stable: what stands nowhere keeps the order in which it was found. */
function inOrder<T extends CardMistake>(found: readonly T[]): readonly T[] {
  return found.toSorted(
    ({ position: a }, { position: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0),
  );
}
