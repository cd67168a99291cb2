import { codedError } from '@driftfarm/formula'
import { type Path, shown } from './document/value.ts'
import { type Details, fixOf, hintOf, type SpecErrorEntry, sayingOf } from './errorWords.ts'
import { limits } from './limits.ts'
import { sectionErrors } from './sectionErrors.ts'
import { valueErrors } from './valueErrors.ts'

/** The codes are public and stable. */
const table = { ...valueErrors, ...sectionErrors }

export type SpecErrorCode = keyof typeof table

/**
 * Where the mistake is: in the key, in the value as a whole, or at one position in the text of the value. A position is
 * a number of UTF-16 units, counted from 0.
 */
export type Part = 'key' | 'value' | number

/**
 * The place where a value was written: line and column of a file, counted from 1. For a command line option, line and
 * column are null.
 */
export interface Place {
  readonly source: string
  readonly line: number | null
  readonly column: number | null
  /** Where the key or the scalar value is in the text, without quotes: UTF-16 offsets from 0, `to` exclusive. */
  readonly range?: { readonly from: number; readonly to: number } | undefined
  /** For a key, all keys of its mapping. */
  readonly beside?: readonly string[] | undefined
}

/** A mistake at a path of the document. `place` is null until the place in a file or option is known. */
export class Mistake extends Error {
  constructor(
    readonly code: SpecErrorCode,
    readonly path: Path,
    readonly details: Details = {},
    readonly part: Part = 'value',
    readonly place: Place | null = null,
  ) {
    super(code)
  }

  placed(place: Place): Mistake {
    return new Mistake(this.code, this.path, this.details, this.part, this.place ?? place)
  }

  at(path: Path): Mistake {
    return new Mistake(this.code, path, this.details, this.part, this.place)
  }
}

export function missing(path: Path, expected: string): Mistake {
  return new Mistake('MISSING', path, { expected })
}

export function wrongType(path: Path, value: unknown, expected: string, hint?: string | null): Mistake {
  return new Mistake('WRONG_TYPE', path, { value, expected, hint })
}

export function outOfRange(path: Path, value: unknown, expected: string, hint?: string | null): Mistake {
  return new Mistake('OUT_OF_RANGE', path, { value, expected, hint })
}

/** `limit` has a unit. */
export function overLimit(code: SpecErrorCode, path: Path, value: unknown, limit: string, hint?: string): Mistake {
  return new Mistake(code, path, { value, limit, hint })
}

export function dataMistake(path: Path, reason: string, hint: string, value?: unknown): Mistake {
  return new Mistake('DATA', path, { value, reason, hint })
}

/** Makes the mistake of a file that cannot be used. */
export const fileRefusal =
  (path: Path, file: string) =>
  (reason: string, hint?: string): Mistake =>
    new Mistake('FILE', path, { value: file, reason, hint })

/** More numbers than a data set may have. */
export const tooMuchData = (path: Path, count: number): Mistake =>
  overLimit('DATA_TOO_LARGE', path, `${count} numbers`, `${limits.dataValues} numbers per data set`)

/** The values of an axis cannot be read. */
export function axisMistake(path: Path, value: unknown, reason: string, hint: string, part?: Part): Mistake {
  return new Mistake('AXIS', path, { value, reason, hint }, part)
}

/** The last key of `path` exists, but not at this place or not beside the other keys. */
export function misplacedKey(path: Path, hint: string, code: SpecErrorCode = 'UNKNOWN_KEY'): Mistake {
  return new Mistake(code, path, { word: String(path.at(-1)), hint }, 'key')
}

/** One mistake of a spec, as shown to its author. */
export interface SpecFinding {
  readonly code: SpecErrorCode
  /** One line with the place, the path, what is wrong and what to do. */
  readonly message: string
  /** Dotted path into the document; '' for the document itself. */
  readonly path: string
  /** Counted from 1; null if the value came from an option. */
  readonly line: number | null
  readonly column: number | null
  readonly hint: string
  /** The wrong value as text; null if it is the whole document. */
  readonly value: string | null
  /** A replacement in the text of the spec that corrects the mistake, if there is one. */
  readonly fix?: Fix
}

/** Replaces the characters from `from` to `to` (UTF-16 offsets from 0, `to` exclusive) by `text`. */
export interface Fix {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * The mistakes of a spec, ordered by line. At most 20 are listed. The error has the code, message and place of the
 * first mistake.
 */
export class SpecError extends codedError('SpecError', table, 'usage') {
  readonly errors: readonly SpecFinding[]
  /** Whether `errors` has reached its limit of 20, so that the spec may have more mistakes. */
  readonly mayBeMore: boolean
  override readonly path: string
  readonly line: number | null
  readonly column: number | null
  readonly value: string | null

  /** Needs at least one mistake, and the place of each mistake. */
  constructor(mistakes: readonly Mistake[]) {
    const errors = mistakes.slice(0, limits.errors).map(findingOf)
    const first = errors[0]!
    super(first.code, first.message, { hint: first.hint })
    this.errors = errors
    this.mayBeMore = errors.length === limits.errors
    this.path = first.path
    this.line = first.line
    this.column = first.column
    this.value = first.value
  }
}

function findingOf(mistake: Mistake): SpecFinding {
  const { code, details, part } = mistake
  const { source, line, column, range, beside } = mistake.place!
  const entry: SpecErrorEntry = table[code]
  const proposed = fixOf(entry, details)
  const fix = beside?.includes(`${proposed}`) ? undefined : proposed
  const hint = fix !== proposed ? `\`${proposed}\` is already given; keep only one of the two` : hintOf(entry, details)
  const path = mistake.path.join('.')
  const at = line === null ? source : `${source}:${line}:${column}`
  const text = `${at}: ${path === '' ? '' : `${path}: `}${sayingOf(entry, details)}; ${hint}`
  const message = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '?')
  const value = details.value === undefined ? null : shown(details.value)
  // A position in a value is where a word of an expression begins.
  const length = typeof part === 'number' ? details.word?.length : undefined
  const isFixed = fix !== undefined && range !== undefined && (typeof part !== 'number' || length !== undefined)
  return {
    code,
    message,
    path,
    line,
    column,
    hint,
    value,
    ...(isFixed && { fix: { ...range, ...(length !== undefined && { to: range.from + length }), text: fix } }),
  }
}

export const specErrorCodes = Object.keys(table) as readonly SpecErrorCode[]
