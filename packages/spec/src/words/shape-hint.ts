import type { Path } from '../document/path.ts'
import { collectionHint } from './collection-hint.ts'
import { numberHint } from './number-hint.ts'
import { placeHint } from './place-hint.ts'

/** What to write instead of a value of the wrong kind; null where nothing better is known than what is expected. */
export function shapeHint(path: Path, value: unknown, expected: string): string | null {
  return placeHint(path, value) ?? numberHint(value, expected) ?? collectionHint(path, value, expected)
}
