/** Text that is put together from pieces of bytes, in memory of its own: it can be handed to another thread. */
export class RowBuffer {
  #bytes: Buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  #length = 0;
  #rows = 0;

  get length(): number {
    return this.#length;
  }

  get rows(): number {
    return this.#rows;
  }

  /** What was written so far. Valid until more is written. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Makes room for so many bytes, for `byte` and `copy`. */
  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  byte(value: number): void {
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  copy(from: Uint8Array, start: number, end: number): void {
    const to = this.#bytes;
    let length = this.#length;
    // Most texts are shorter than what a call to copy them costs.
    for (let at = start; at < end; at += 1) {
      to[length] = from[at] as number;
      length += 1;
    }
    this.#length = length;
  }

  /** One row as text. */
  text(row: string): void {
    this.reserve(row.length * 3);
    this.#length += this.#bytes.write(row, this.#length);
    this.#rows += 1;
  }

  endRow(): void {
    this.#rows += 1;
  }

  /** Takes back what was written behind a length. */
  cut(length: number): void {
    this.#length = length;
  }
}
