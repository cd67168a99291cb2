import { nearestWord } from '@driftfarm/formula'
import { type Path, shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { isLaw } from '../laws.ts'
import { glosses, homes, notes, renamings, values } from './newcomers.table.ts'

export function unknownKey(
  above: Path,
  word: string,
  known: readonly string[],
  { hint, instead }: { readonly hint?: string; readonly instead?: string | undefined } = {},
): Mistake {
  const path = [...above, word]
  const meaning = (meant: Path | undefined, hint: string | undefined, shownWord = word, fix?: string) =>
    new Mistake('UNKNOWN_KEY', path, { word: shownWord, known, hint, meant, fix }, 'key')
  const named = (key: string, text: string, isFix = false) =>
    meaning([...above, key], text, word, isFix ? key : undefined)
  const glued = /^([A-Za-z0-9_]+):(.+)$/.exec(word)
  if (glued !== null && known.includes(glued[1]!))
    return named(glued[1]!, `write \`${glued[1]}: ${glued[2]}\`, with a space after the colon`)
  if (/^(\/\/|\/\*)/.test(word)) {
    const key = /"(\w+)"$/.exec(word)?.[1] ?? word
    return named(key, 'comments begin with #, also in a spec written as JSON')
  }
  if (known.includes('count') && /^(step|stepsize|by|increment|delta)$/.test(plainForm(word)))
    return named('count', `instead of \`${word}\`, write the number of values, as in count: 5`)
  const spaced = spacedHint(word)
  if (spaced !== null) return named(spaced.key, spaced.hint)
  const drift = above.at(-1) === 'law' ? above.slice(0, -1) : known.includes('law') ? above : null
  if (isLaw(word) && drift !== null)
    return meaning([...drift, 'sigma'], `write \`law: ${word}\`, and beside it \`sigma:\` with the scale of the noise`)
  const dotted = word.split('.')
  if (dotted.length > 1 && dotted.every((part) => /^[A-Za-z]\w*$/.test(part)))
    return meaning([...above, ...dotted], dottedHint(dotted))
  const { keys, note, places } = renamed(word)
  const here = keys.find((key) => known.includes(key))
  if (here !== undefined) return named(here, note ?? explainedKey(above, here), note === undefined)
  const folded = known.find((key) => plainForm(key) === plainForm(word))
  const near = folded ?? nearestWord(word, known)
  if (near !== undefined && hint === undefined && note === undefined) return named(near, `did you mean ${near}?`, true)
  const elsewhere =
    hint === undefined
      ? (places.find((place) => place !== path.join('.') && !place.includes('PATH')) ?? sectionOf(word, above))
      : undefined
  const text =
    hint ?? note ?? pointHint(above) ?? (elsewhere === undefined ? undefined : elsewhereHint(elsewhere, path))
  const meant = instead === undefined ? elsewhere?.split('.') : [...above, instead]
  return meaning(meant, text, glued === null ? word : shown(word).slice(1, -1))
}

function elsewhereHint(place: string, path: Path): string {
  const sections = place.split('.')
  const key = sections.pop()!
  if (sections.length === 0) return `write it as \`${place}:\` at the top level of the spec`
  const open = sections.findIndex((section, depth) => path[depth] !== section)
  const inside = (open < 0 ? sections : sections.slice(open)).map((section) => `\`${section}:\``).reverse()
  return `write it as \`${key}:\`, indented under ${inside.join(', under ')} (${place})`
}

/** Recognizes a special space, such as a no-break space, before the key, and an equals sign instead of a colon. */
function spacedHint(word: string): { readonly key: string; readonly hint: string } | null {
  const key = /^[^\S ]*(\w+)\b/.exec(word)?.[1]
  if (key === undefined) return null
  if (/^[^\S ]/.test(word)) return { key, hint: 'the line begins with a no-break space: indent it with plain spaces' }
  return /^\w+\s*=/.test(word) ? { key, hint: `after \`${key}\`, write a colon and a space instead of \`=\`` } : null
}

function dottedHint(dotted: readonly string[]): string {
  const key = dotted.at(-1)
  const above = dotted.slice(0, -1).reverse()
  return (
    `dotted paths are allowed only under sweep; write \`${key}:\`, indented under ` +
    `${above.map((part) => `\`${part}:\``).join(', under ')}`
  )
}

function pointHint(above: Path): string | undefined {
  return above.join('.') === 'start'
    ? 'a point is a list of coordinates, such as `start: [-1]`, or `start: [-1, 0.5]` in two dimensions'
    : undefined
}

export function unknownWord(path: Path, value: string, known: readonly string[]): Mistake {
  const same = wordsFor(value).find(({ word }) => known.includes(word))
  const bare = plainForm(bareWord(value))
  const word = same?.word ?? known.find((word) => plainForm(word) === bare)
  const hint =
    word === undefined
      ? {}
      : { hint: same?.note ?? `did you mean ${word}?`, ...(same?.note === undefined && { fix: word }) }
  return new Mistake('UNKNOWN_WORD', path, { value, known, ...hint })
}

/** Empty if no character of the text can be used. */
export function likeSweepName(text: string): string {
  const name = text.replace(/[^\p{L}\p{N} ._-]/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '')
  return name.slice(0, 128)
}

/** Null if there is no similar name, for example for letters of a script other than Latin. */
export function likeIdentifier(text: string): string | null {
  const name = text.replace(/[^A-Za-z0-9_]/g, '_')
  return /^[ -~]*[A-Za-z][ -~]*$/.test(text) && /^[A-Za-z_]/.test(name) && name !== text ? name.slice(0, 64) : null
}

const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  ε: 'epsilon',
  η: 'eta',
  ν: 'nu',
  σ: 'sigma',
}

/** The same text for learningRate, learning_rate and learning-rate. */
export function plainForm(word: string): string {
  return word
    .toLowerCase()
    .replace(/[\u03b1-\u03c9]/g, (letter) => greek[letter] ?? letter)
    .replace(/[_\s-]/g, '')
}

/** Keys and places are listed with the most likely first. The note is shown instead of suggesting a key. */
function renamed(word: string) {
  const plain = plainForm(word)
  const note = notes.get(plain)
  const places = renamings.get(plain) ?? []
  return { keys: places.map((place) => place.slice(place.lastIndexOf('.') + 1)), places, note }
}

/** The path at which the key belongs. Undefined if the key is already there, or if no section has such a key. */
function sectionOf(word: string, above: readonly (string | number)[]): string | undefined {
  const place = homes.get(word)
  return place === [...above, word].join('.') ? undefined : place
}

/** Returns `ReLU` for `nn.ReLU()` and `tanh` for `torch.tanh`. */
function bareWord(value: string): string {
  return value.replace(/\(.*\)$/, '').replace(/^(\w+\.)+/, '')
}

/** Most likely first. */
export function wordsFor(value: string): readonly { readonly word: string; readonly note?: string }[] {
  return values.get(plainForm(bareWord(value))) ?? []
}

export function placeOf(word: string): string | undefined {
  return homes.get(word) ?? renamed(word).places.find((place) => place.includes('.') && !place.includes('PATH'))
}

function explainedKey(above: readonly (string | number)[], key: string): string {
  const gloss = glosses.get([...above.filter((part) => typeof part === 'string'), key].join('.'))
  return gloss === undefined ? `did you mean ${key}?` : `did you mean ${key}, ${gloss}?`
}
