import { styleText } from 'node:util';

/** What a piece of text means; how that looks is decided in one place. */
export type Tone = 'good' | 'bad' | 'warn' | 'title' | 'faint';

/** Puts a text into a tone; on a stream without colours it returns the text as it is. */
export type Style = (tone: Tone, text: string) => string;

type Format = Parameters<typeof styleText>[0];

const formats: Readonly<Record<Tone, Format>> = {
  good: 'green',
  bad: ['bold', 'red'],
  warn: 'yellow',
  title: 'bold',
  faint: 'dim',
};

export interface StyledStream {
  readonly isTTY?: boolean | undefined;
}

/**
 * The style of a stream. `NO_COLOR` with any value wins, then `FORCE_COLOR`, then whether the stream is a terminal that is not dumb.
 * Decided here and not by `styleText`, whose rules differ between the versions of Node.
 */
export function createStyle(stream: StyledStream, env: Readonly<Record<string, string | undefined>>): Style {
  if (!wantsColour(stream, env)) return (_tone, text) => text;
  return (tone, text) => (text === '' ? '' : styleText(formats[tone], text, { validateStream: false }));
}

function wantsColour(stream: StyledStream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (isSet(env['NO_COLOR']) || isSet(env['NODE_DISABLE_COLORS'])) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
