import type { Path } from '../document/path.ts'
import { collectionHint } from './collectionHint.ts'
import { numberHint } from './numberHint.ts'
import { placeHint } from './placeHint.ts'

/** A hint for a value of the wrong kind; null where nothing better than the expected kind is known. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  const hint = placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
  return hint === null || value !== null || path.length > 1 ? hint : `${hint}${instead.get(String(path[0])) ?? ''}`
}

/** Of two keys one is written: no value takes the other away. */
const instead = new Map([
  ['trials', '; or leave the line out and write `until:`'],
  ['until', '; or leave the line out and write `trials:` (--trials N takes its place)'],
])
