import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

const colour = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

/** Text in a style, where the terminal has styles. */
function style(format: Format, text: string): string {
  return colour ? styleText(format, text, { validateStream: false }) : text;
}

/** Starts a chapter of the story. */
export function chapter(title: string): void {
  process.stdout.write(`\n${style('bold', title)}\n`);
  step = 0;
}

let step = 0;

/** One thing that happened, and how it went. */
export function tell(what: string, outcome: string): void {
  step += 1;
  process.stdout.write(`${style('dim', String(step).padStart(3))}  ${what.padEnd(28)} ${outcome}\n`);
}

/** A fact beside the story. */
export function fact(name: string, value: string): void {
  process.stdout.write(`     ${style('dim', name.padEnd(10))} ${value}\n`);
}

export const allowed = (text: string): string => style('green', text);
export const denied = (text: string): string => style('yellow', text);
