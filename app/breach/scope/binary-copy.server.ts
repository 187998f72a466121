/** Rows in PostgreSQL's binary COPY format (https://www.postgresql.org/docs/18/sql-copy.html, "Binary Format"), packed into large chunks. */

const header = Buffer.from([
  0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
]);

export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(1 << 20);
  #at = 0;
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
    header.copy(this.#bytes, 0);
    this.#at = header.length;
  }

  get size(): number {
    return this.#at;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  startRow(): void {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(this.#columns, this.#at);
  }

  null(): void {
    this.#room(4);
    this.#at = this.#bytes.writeInt32BE(-1, this.#at);
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) return this.null();
    this.#room(4 + value.length);
    this.#at = this.#bytes.writeInt32BE(value.length, this.#at);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** PostgreSQL text cannot hold NUL; it is left out. */
  text(value: string | null): void {
    if (value === null) return this.null();
    const clean = value.includes("\u0000") ? value.replaceAll("\u0000", "") : value;
    const length = Buffer.byteLength(clean);
    this.#room(4 + length);
    this.#at = this.#bytes.writeInt32BE(length, this.#at);
    this.#at += this.#bytes.write(clean, this.#at);
  }

  bigint(value: bigint | number | null): void {
    if (value === null) return this.null();
    this.#room(12);
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    this.#at = this.#bytes.writeBigInt64BE(BigInt(value), this.#at);
  }

  smallint(value: number): void {
    this.#room(6);
    this.#at = this.#bytes.writeInt32BE(2, this.#at);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  boolean(value: boolean): void {
    this.#room(5);
    this.#at = this.#bytes.writeInt32BE(1, this.#at);
    this.#at = this.#bytes.writeUInt8(value ? 1 : 0, this.#at);
  }

  /** The rows so far; the buffer starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return taken;
  }

  /** The rows so far and the trailer. */
  finish(): Buffer {
    this.#room(2);
    this.#at = this.#bytes.writeInt16BE(-1, this.#at);
    return this.take();
  }
}
