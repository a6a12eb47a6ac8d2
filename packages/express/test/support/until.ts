/** Polls until a condition holds; fails with a sentence after ten seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited ten seconds until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
