import { isMapping, own } from '../document/value.ts'

/**
 * Whether the value is a string with an unclosed parenthesis. YAML probably cut it: inside braces and brackets, an
 * unquoted string ends at the first comma.
 */
export function isUnclosed(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const unclosedHint = 'inside { } and [ ] a comma ends a value: put the whole value in quotes'

/**
 * Returns a function that tests whether a key of the mapping is the remainder of a string that YAML cut at a comma. In
 * `{ sigma: np.clip(1, 2) }`, `2)` becomes a key without a value. The values of the mapping are inspected once for all
 * keys.
 */
export function isCutRemainder(mapping: unknown): (name: string) => boolean {
  if (!isMapping(mapping) || !Object.values(mapping).some(isUnclosed)) return () => false
  return (name) => own(mapping, name) === null
}
