import { isMapping, own } from '../document/value.ts'

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
