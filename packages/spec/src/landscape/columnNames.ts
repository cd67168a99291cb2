import { nearestWord } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { Mistake, missing, wrongType } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import { columnIndex, type DataFile } from '../files/header.ts'

/** A column of a file, and where the spec names it. */
export interface NamedColumn {
  readonly name: string
  readonly path: Path
  /** Whether a pattern stands for this column and others. */
  readonly isMatched: boolean
}

type Key = 'inputs' | 'targets'

const expected = 'a list of column names or patterns, or one pattern such as "p*" or "p0..p63"'

/**
 * The columns that a list of names and patterns stands for. In `p*`, the star stands for any characters, and the
 * columns have the order of the file. `p0..p63` stands for the columns p0, p1, .., p63. A name of a column is never a
 * pattern.
 */
export function namedColumns(frame: Frame, key: Key, file: DataFile): readonly NamedColumn[] {
  const written = frame.get(key)
  if (written === undefined) throw missing(frame.at(key), expected)
  const list = typeof written === 'string' ? [written] : written
  const isNames = Array.isArray(list) && list.length > 0 && list.every((name) => typeof name === 'string')
  if (!isNames) throw wrongType(frame.at(key), written, expected)
  const found = (list as readonly string[]).flatMap((word, i): readonly NamedColumn[] => {
    const path = typeof written === 'string' ? frame.at(key) : [...frame.at(key), i]
    const matches = file.header.includes(word) ? null : matchesOf(word, file, path)
    if (matches === null) return [{ name: word, path, isMatched: false }]
    return matches.map((name) => ({ name, path, isMatched: true }))
  })
  for (const { name, path } of found) columnIndex(file, name, path)
  const named = new Set<string>()
  return found.filter(({ name, isMatched }) => {
    const isRepeated = isMatched && named.has(name)
    named.add(name)
    return !isRepeated
  })
}

/** The columns that match a pattern; null if the word is no pattern. */
function matchesOf(word: string, { header, file }: DataFile, path: Path): readonly string[] | null {
  const range = /^(.*?)(\d+)\.\.\1(\d+)$/.exec(word)
  if (range === null && !word.includes('*')) return null
  const matches = range === null ? header.filter(matcherOf(word)) : rangeOf(range, header)
  if (matches.length > 0 && header.includes(matches.at(-1)!)) return matches
  const stem = word.replace(/\*|\d+\.\..*$/g, '')
  const numbered = header.filter((name) => range !== null && name.startsWith(stem) && /\d$/.test(name))
  const [list, near] = numbered.length > 0 ? [numbered, undefined] : [header, nearestWord(stem, header)]
  const known = list.length > 8 ? `${list.slice(0, 6).join(', ')}, .., ${list.at(-1)}` : list.join(', ')
  const hint = `${file} has the columns ${known}${near === undefined ? '' : `; did you mean ${near}?`}`
  throw new Mistake('UNKNOWN_COLUMN', path, { word: matches.at(-1) ?? word, hint })
}

function matcherOf(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`, 's')
  return (name) => expression.test(name)
}

/** Stops after the first name that is not in the header. */
function rangeOf([, stem, first, last]: RegExpExecArray, header: readonly string[]): readonly string[] {
  const known = new Set(header)
  const names: string[] = []
  for (let n = Number(first); n <= Number(last); n++) {
    names.push(`${stem}${String(n).padStart(first!.length, '0')}`)
    if (!known.has(names.at(-1)!)) break
  }
  return names
}
