import { isMapping, own } from '../document/value.ts'

/** Whether a text has an unclosed parenthesis. Inside braces and brackets, YAML ends a text at its first comma. */
export function isUnclosed(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const unclosedHint = 'inside { } and [ ] a comma ends a value: put the whole value in quotes'

/**
 * Recognises keys of a mapping that are the rest of a text that YAML cut at a comma. In `{ sigma: np.clip(1, 2) }`,
 * `2)` becomes a key without a value. The values of the mapping are inspected only once.
 */
export function isCutRemainder(mapping: unknown): (name: string) => boolean {
  if (!isMapping(mapping) || !Object.values(mapping).some(isUnclosed)) return () => false
  return (name) => own(mapping, name) === null
}
