import { isMapping, own } from '../document/value.ts'

/** Whether a ( of a text is never closed: in braces and brackets YAML ends a text at its first comma. */
export function isTorn(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const tornHint = 'inside { } and [ ] a comma ends a value: put the whole of it in quotes'

/**
 * Which keys of a mapping are what stands behind a comma of a torn text, as of `{ sigma: np.clip(1, 2) }`: keys
 * without values. The values are looked at once, whatever number of keys is asked for.
 */
export function tornOff(mapping: unknown): (name: string) => boolean {
  if (!isMapping(mapping) || !Object.values(mapping).some(isTorn)) return () => false
  return (name) => own(mapping, name) === null
}
