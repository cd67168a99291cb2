import { glosses, homes, notes, renamings, values } from './newcomers.table.ts'

/** The keys of a spec that correspond to a key of other software. */
export interface Renamed {
  /** The keys that may be meant, the most likely first. */
  readonly keys: readonly string[]
  /** The full paths of these keys. */
  readonly places: readonly string[]
  /** What to do if no key corresponds. */
  readonly note?: string
}

/** Greek letters from papers, with their names in a spec. */
const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  ε: 'epsilon',
  η: 'eta',
  ν: 'nu',
  σ: 'sigma',
}

/** One form for all spellings of a word, such as learningRate, learning_rate and learning-rate. */
export function plainForm(word: string): string {
  return word
    .toLowerCase()
    .replace(/[\u03b1-\u03c9]/g, (letter) => greek[letter] ?? letter)
    .replace(/[_\s-]/g, '')
}

export function renamed(word: string): Renamed {
  const plain = plainForm(word)
  const note = notes.get(plain)
  const places = renamings.get(plain) ?? []
  return { keys: places.map(lastKey), places, ...(note !== undefined && { note }) }
}

/** The path at which a known key must be written. Undefined if the key is already there, or is not known anywhere. */
export function sectionOf(word: string, above: readonly (string | number)[]): string | undefined {
  const place = homes.get(word)
  return place === [...above, word].join('.') ? undefined : place
}

/** A name without its module and parentheses: `ReLU` for `nn.ReLU()`, `tanh` for `torch.tanh`. */
export function bareWord(value: string): string {
  return value.replace(/\(.*\)$/, '').replace(/^(\w+\.)+/, '')
}

/** The words of a spec that may be meant by a word of other software, the most likely first. */
export function wordsFor(value: string): readonly { readonly word: string; readonly note?: string }[] {
  return values.get(plainForm(bareWord(value))) ?? []
}

function lastKey(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1)
}

/** The full path of a key given by its name only; undefined if the key is not known anywhere. */
export function placeOf(word: string): string | undefined {
  return homes.get(word) ?? renamed(word).places.find((place) => place.includes('.') && !place.includes('PATH'))
}

/** The hint "did you mean" for a key in the section `above`, with an explanation of the key if there is one. */
export function explainedKey(above: readonly (string | number)[], key: string): string {
  const gloss = glosses.get([...above.filter((part) => typeof part === 'string'), key].join('.'))
  return gloss === undefined ? `did you mean ${key}?` : `did you mean ${key}, ${gloss}?`
}
