import type { Path } from '../document/path.ts'
import { collectionHint } from './collectionHint.ts'
import { numberHint } from './numberHint.ts'
import { placeHint } from './placeHint.ts'

/** Null if the name of the expected type is enough of a hint. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  const hint = placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
  return hint === null || value !== null || path.length > 1 ? hint : `${hint}${instead.get(String(path[0])) ?? ''}`
}

/** Only one of `trials` and `until` may be given, and a key with an empty value counts as given. */
const instead = new Map([
  ['trials', '; or remove the line and write `until:`'],
  ['until', '; or remove the line and write `trials:` (--trials N replaces `until` and `trials`)'],
])
