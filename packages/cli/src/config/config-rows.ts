import { isJsonObject } from '@sallyport/core';
import type { ConfigSummary } from './config-summary.ts';

/** One row for each value: the path of its field as it is written in the file, and the value for people. */
export function configRows({ config, card }: ConfigSummary): readonly (readonly [string, string])[] {
  const [tools, resources, prompts] = [
    count(card.tools, 'tool'),
    count(card.resources, 'resource'),
    count(card.prompts, 'prompt'),
  ];
  const about = `(${card.name} ${card.version}: ${tools}, ${resources}, ${prompts})`;
  return flatten('', config).map(([field, value]) => [field, field === 'card' ? `${value}  ${about}` : value]);
}

function flatten(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(value)) {
    if (value.some(isJsonObject)) return value.flatMap((entry, index) => flatten(`${path}[${index}]`, entry));
    return [[path, value.length === 0 ? 'none' : value.join(', ')]];
  }
  if (!isJsonObject(value)) return [[path, String(value)]];
  if (typeof value['points'] === 'number' && typeof value['windowMs'] === 'number') {
    return [[path, `${value['points']} requests in ${value['windowMs'] / 1000} s`]];
  }
  return Object.entries(value).flatMap(([name, member]) => flatten(path === '' ? name : `${path}.${name}`, member));
}

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}
