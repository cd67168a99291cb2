import { isMapping, own } from '../document/value.ts'

/** Whether a ( of a text is never closed. Inside braces and brackets YAML ends a text at its first comma. */
export function isTorn(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return value.replaceAll(')', '').length > value.replaceAll('(', '').length
}

export const tornHint = 'inside { } and [ ] a comma ends a value: put the whole of it in quotes'

/**
 * Tells which keys of a mapping are the rest of a text that was cut at a comma, as in `{ sigma: np.clip(1, 2) }`: keys
 * without values. The values are inspected once, however many keys are asked for.
 */
export function tornOff(mapping: unknown): (name: string) => boolean {
  if (!isMapping(mapping) || !Object.values(mapping).some(isTorn)) return () => false
  return (name) => own(mapping, name) === null
}
