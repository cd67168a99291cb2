import { glosses, homes, notes, renamings, values } from './newcomers.table.ts'

export interface Renamed {
  /** Most likely first. */
  readonly keys: readonly string[]
  readonly places: readonly string[]
  /** The hint to show instead of suggesting a key. */
  readonly note?: string
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

export function renamed(word: string): Renamed {
  const plain = plainForm(word)
  const note = notes.get(plain)
  const places = renamings.get(plain) ?? []
  return { keys: places.map(lastKey), places, ...(note !== undefined && { note }) }
}

/** The path at which the key belongs. Undefined if the key is already there, or if no section has such a key. */
export function sectionOf(word: string, above: readonly (string | number)[]): string | undefined {
  const place = homes.get(word)
  return place === [...above, word].join('.') ? undefined : place
}

/** Returns `ReLU` for `nn.ReLU()` and `tanh` for `torch.tanh`. */
export function bareWord(value: string): string {
  return value.replace(/\(.*\)$/, '').replace(/^(\w+\.)+/, '')
}

/** Most likely first. */
export function wordsFor(value: string): readonly { readonly word: string; readonly note?: string }[] {
  return values.get(plainForm(bareWord(value))) ?? []
}

function lastKey(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1)
}

export function placeOf(word: string): string | undefined {
  return homes.get(word) ?? renamed(word).places.find((place) => place.includes('.') && !place.includes('PATH'))
}

export function explainedKey(above: readonly (string | number)[], key: string): string {
  const gloss = glosses.get([...above.filter((part) => typeof part === 'string'), key].join('.'))
  return gloss === undefined ? `did you mean ${key}?` : `did you mean ${key}, ${gloss}?`
}
