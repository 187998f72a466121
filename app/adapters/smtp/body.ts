/** A message as it goes over the wire after 354 (RFC 5321 sections 2.3.8 and 4.5.2). */

const cr = 13;
const lf = 10;
const dot = 46;

/**
 * Every line ends in CRLF (a bare CR or LF becomes one, so that no server sees an end of data that we did not mean), a leading dot
 * is doubled, and the final dot is included. A message that already has CRLF throughout arrives byte for byte.
 */
export function encodeBody(message: Buffer): Buffer {
  // The worst case is a message of nothing but line feeds or of lines of one dot.
  const out = Buffer.allocUnsafe(message.length * 2 + 5);
  let to = 0;
  let lineStart = true;
  for (let from = 0; from < message.length; from += 1) {
    const byte = message[from];
    if (byte === cr || byte === lf) {
      if (byte === cr && message[from + 1] === lf) from += 1;
      out[to++] = cr;
      out[to++] = lf;
      lineStart = true;
      continue;
    }
    if (lineStart && byte === dot) out[to++] = dot;
    out[to++] = byte ?? 0;
    lineStart = false;
  }
  if (!lineStart) {
    out[to++] = cr;
    out[to++] = lf;
  }
  out[to++] = dot;
  out[to++] = cr;
  out[to++] = lf;
  return out.subarray(0, to);
}

/** Whether the message needs 8BITMIME. */
export function hasEightBit(message: Buffer): boolean {
  for (let index = 0; index < message.length; index += 1) if ((message[index] ?? 0) > 127) return true;
  return false;
}
