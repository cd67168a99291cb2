/**
 * A value as JSON in which NaN and infinities, which JSON lacks, are strings such as "NaN". PostgreSQL reads these
 * strings as numbers, whereas `JSON.stringify` writes null. The slow replacer is used only if the value contains NaN or
 * an infinity.
 */
export function finiteJson(value: unknown): string {
  const text = JSON.stringify(value)
  return text?.includes('null') && hasInfinite(value) ? JSON.stringify(value, finite) : text
}

const finite = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value

function hasInfinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) if (hasInfinite((value as Record<string, unknown>)[key])) return true
  return false
}

/** Replaces each string `Infinity` and `-Infinity` in an object by its number. Changes the object in place. */
export function restored<Data extends object>(data: Data): Data {
  for (const [key, value] of Object.entries(data)) {
    if (value === 'Infinity' || value === '-Infinity') Object.assign(data, { [key]: Number(value) })
    else if (typeof value === 'object' && value !== null) restored(value)
  }
  return data
}
