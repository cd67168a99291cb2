import { nearestWord } from '@driftfarm/formula'
import type { Path } from '../document/path.ts'
import { shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { homeOf, plainForm, renamed } from './newcomers.ts'

/** A key that `above` does not have. `hint`: what stands there instead, where no word is near. */
export function unknownKey(above: Path, word: string, known: readonly string[], hint?: string): Mistake {
  const path = [...above, word]
  const named = (key: string, text: string) =>
    new Mistake('UNKNOWN_KEY', path, { word, known, hint: text, meant: [...above, key] }, 'key')
  const glued = /^([A-Za-z0-9_]+):(.+)$/.exec(word)
  if (glued !== null && known.includes(glued[1]!))
    return named(glued[1]!, `write \`${glued[1]}: ${glued[2]}\`, with a space after the colon`)
  const { keys, note, places } = renamed(word)
  const here = keys.find((key) => known.includes(key))
  if (here !== undefined) return named(here, note ?? `did you mean ${here}?`)
  const folded = known.find((key) => plainForm(key) === plainForm(word))
  const near = folded ?? nearestWord(word, known)
  if (near !== undefined && hint === undefined) return named(near, `did you mean ${near}?`)
  const elsewhere = places.find((place) => place !== path.join('.') && !place.includes('PATH')) ?? homeOf(word, above)
  const text = note ?? (elsewhere === undefined ? (hint ?? pointHint(above)) : elsewhereHint(elsewhere))
  const both = text !== undefined && hint !== undefined && text !== hint ? `${text}; ${hint}` : text
  const meant = elsewhere === undefined || /\s/.test(elsewhere) ? {} : { meant: elsewhere.split('.') }
  return new Mistake(
    'UNKNOWN_KEY',
    path,
    {
      word: glued === null ? word : shown(word).slice(1, -1),
      known,
      ...(both !== undefined && { hint: both }),
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
