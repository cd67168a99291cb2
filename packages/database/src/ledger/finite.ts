/**
 * Returns JSON in which NaN and infinities are text, which PostgreSQL reads as numbers. `JSON.stringify` would make
 * them null. A replacer takes longer than everything else, because it is called for every value, so it is used only if
 * there is such a value.
 */
export function finiteJson(value: unknown): string {
  const text = JSON.stringify(value)
  return text.includes('null') && hasInfinite(value) ? JSON.stringify(value, finite) : text
}

/** A replacer for `JSON.stringify` that does the same. */
export const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) if (hasInfinite((value as Record<string, unknown>)[key])) return true
  return false
}
