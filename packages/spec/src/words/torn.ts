import { isMapping, own } from '../document/value.ts'

/** Whether a ( of a text is never closed: in braces and brackets YAML ends a text at its first comma. */
export function isTorn(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const tornHint = 'inside { } and [ ] a comma ends a value: put the whole of it in quotes'

/** In { } a comma ends a text: what stands behind it in `np.linspace(1, 2, 3)` reads as keys without values. */
export function isTornOff(mapping: object, name: string): boolean {
  if (!isMapping(mapping)) return false
  return own(mapping, name) === null && Object.values(mapping).some(isTorn)
}
