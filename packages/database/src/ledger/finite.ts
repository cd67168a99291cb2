/**
 * A replacer for `JSON.stringify` that writes NaN and infinities as text, which PostgreSQL reads as numbers. JSON alone
 * would make them null.
 */
export const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
