import { nearestWord } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { glossed, homeOf, plainForm, renamed } from './newcomers.ts'

/** What stands at a place instead of a wrong key, and the key that it stands for there. */
interface Instead {
  readonly hint?: string
  readonly instead?: string | undefined
}

/** A key that `above` does not have. */
export function unknownKey(
  above: Path,
  word: string,
  known: readonly string[],
  { hint, instead }: Instead = {},
): Mistake {
  const path = [...above, word]
  const named = (key: string, text: string) =>
    new Mistake('UNKNOWN_KEY', path, { word, known, hint: text, meant: [...above, key] }, 'key')
  const glued = /^([A-Za-z0-9_]+):(.+)$/.exec(word)
  if (glued !== null && known.includes(glued[1]!))
    return named(glued[1]!, `write \`${glued[1]}: ${glued[2]}\`, with a space after the colon`)
  const { keys, note, places } = renamed(word)
  const here = keys.find((key) => known.includes(key))
  if (here !== undefined) return named(here, note ?? glossed(here))
  const folded = known.find((key) => plainForm(key) === plainForm(word))
  const near = folded ?? nearestWord(word, known)
  if (near !== undefined && hint === undefined && note === undefined) return named(near, `did you mean ${near}?`)
  const elsewhere =
    hint === undefined
      ? (places.find((place) => place !== path.join('.') && !place.includes('PATH')) ?? homeOf(word, above))
      : undefined
  const text = hint ?? note ?? (elsewhere === undefined ? pointHint(above) : elsewhereHint(elsewhere))
  const key = instead === undefined ? elsewhere?.split('.') : [...above, instead]
  const meant = key === undefined ? {} : { meant: key }
  return new Mistake(
    'UNKNOWN_KEY',
    path,
    {
      word: glued === null ? word : shown(word).slice(1, -1),
      known,
      ...(text !== undefined && { hint: text }),
      ...meant,
    },
    'key',
  )
}

function elsewhereHint(place: string): string {
  return place.includes('.') ? `write it as ${place}` : `write it as \`${place}:\` at the top of the spec`
}

function pointHint(above: Path): string | undefined {
  return above.join('.') === 'start' ? 'a point is a list of its coordinates in order: start: [-1, 0.5]' : undefined
}
