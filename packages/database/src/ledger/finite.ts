/** For `JSON.stringify`: NaN and infinities as text, which PostgreSQL reads as such. JSON would make them null. */
export const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
