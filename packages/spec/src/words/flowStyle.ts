import { isMapping, own } from '../document/value.ts'

const longest = 80

/** A value in YAML flow style, such as { a: [1, 2] }. Null if it is too long for a hint. */
export function flowStyle(value: unknown): string | null {
  const text = flow(value)
  return text.length > longest ? null : text
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (isMapping(value)) {
    const pairs = Object.entries(value).map(([key, inner]) => `${key}: ${flow(inner)}`)
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`
  }
  return typeof value === 'string' && /^[A-Za-z_][\w./-]*$/.test(value) ? value : JSON.stringify(value)
}

/**
 * Inside braces and brackets, YAML ends an unquoted string at the first comma. If the string has an unclosed
 * parenthesis, its end was probably cut off at a comma.
 */
export function isUnclosed(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const unclosedHint = 'inside { } and [ ] a comma ends a value: put the whole value in quotes'

/** In `{ sigma: np.clip(1, 2) }`, the remainder `2)` becomes a key without a value. */
export function isCutRemainder(mapping: unknown): (name: string) => boolean {
  if (!isMapping(mapping) || !Object.values(mapping).some(isUnclosed)) return () => false
  return (name) => own(mapping, name) === null
}
