/** A number with commas: the locale of the machine must not change what a script reads. */
export function withCommas(value: number): string {
  return value.toLocaleString('en-US');
}
