import type { Path } from '../document/path.ts'
import { collectionHint } from './collectionHint.ts'
import { numberHint } from './numberHint.ts'
import { placeHint } from './placeHint.ts'

/** A hint for a value of the wrong kind; null where nothing better than the expected kind is known. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  return placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
}
