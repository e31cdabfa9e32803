/**
 * A key that names one call for all its attempts, at whatever server (ID2): 128 random bits as hexadecimal digits.
 * Not `crypto.randomUUID`, which browsers give to secure pages alone.
 */
const BYTES = 16;

export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
