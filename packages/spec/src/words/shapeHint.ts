import type { Path } from '../document/path.ts'
import { collectionHint } from './collectionHint.ts'
import { numberHint } from './numberHint.ts'
import { placeHint } from './placeHint.ts'

/** What to write instead of a value of the wrong kind; null where nothing better is known than what is expected. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  return placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
}
