/** A receiver may repeat in its answer what it was sent; a credential must not get into the log that way. */
export function createScrubber(values: readonly string[]): (text: string) => string {
  const secrets = values.flatMap((value) => [value, ...value.split(' ')]).filter((value) => value.length >= 4);
  return (text) => secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[redacted]'), text);
}
