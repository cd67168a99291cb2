import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { bareWord, plainForm, wordsFor } from './newcomers.ts'

export function unknownWord(path: Path, value: string, known: readonly string[]): Mistake {
  const same = wordsFor(value).find(({ word }) => known.includes(word))
  const bare = plainForm(bareWord(value))
  const word = same?.word ?? known.find((word) => plainForm(word) === bare)
  const hint = word === undefined ? {} : { hint: same?.note ?? `did you mean ${word}?` }
  return new Mistake('UNKNOWN_WORD', path, { value, known, ...hint })
}
