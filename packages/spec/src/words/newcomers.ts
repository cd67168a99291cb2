import { glosses, homes, notes, renamings, values } from './newcomers.table.ts'

/** What a key that others use is called here. */
export interface Renamed {
  /** Keys that it may mean, the likeliest first. */
  readonly keys: readonly string[]
  /** Whole paths at which one of them stands. */
  readonly places: readonly string[]
  /** What to do where no key takes its place. */
  readonly note?: string
}

/** Letters of papers, by the names that they have here. */
const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  ε: 'epsilon',
  η: 'eta',
  ν: 'nu',
  σ: 'sigma',
}

/** The same word whatever its spelling: learningRate, learning_rate and learning-rate. */
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

/** Where a key that is right elsewhere belongs; undefined where it is there already, or known nowhere. */
export function homeOf(word: string, above: readonly (string | number)[]): string | undefined {
  const place = homes.get(word)
  return place === [...above, word].join('.') ? undefined : place
}

/** `nn.ReLU()` and `torch.tanh` without module and parentheses. */
export function bareWord(value: string): string {
  return value.replace(/\(.*\)$/, '').replace(/^(\w+\.)+/, '')
}

/** The words of this spec that a word of others may mean, the likeliest first. */
export function wordsFor(value: string): readonly { readonly word: string; readonly note?: string }[] {
  return values.get(plainForm(bareWord(value))) ?? []
}

function lastKey(place: string): string {
  return place.slice(place.lastIndexOf('.') + 1)
}

/** The whole path of a key that stands alone; undefined where it is known nowhere. */
export function placeOf(word: string): string | undefined {
  return homes.get(word) ?? renamed(word).places.find((place) => place.includes('.') && !place.includes('PATH'))
}

/** A right key of `above` with what it is, for those who know it by another name. */
export function glossed(above: readonly (string | number)[], key: string): string {
  const gloss = glosses.get([...above.filter((part) => typeof part === 'string'), key].join('.'))
  return gloss === undefined ? `did you mean ${key}?` : `did you mean ${key}, ${gloss}?`
}
