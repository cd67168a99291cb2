import { allEnding, codedError, nearestWord } from '@driftfarm/formula'
import { formatPath, type Path } from './document/path.ts'
import { shown } from './document/value.ts'
import { limits } from './limits.ts'

/** What an entry of the error table may use to word its message. */
export interface Details {
  readonly value?: unknown
  /** What would have been right, worded to follow "is not ...". */
  readonly expected?: string
  /** The words that are valid at this place, for "did you mean". */
  readonly known?: readonly string[]
  /** The unknown word, where that is not `value`. */
  readonly word?: string
  readonly limit?: string
  readonly reason?: string
  readonly hint?: string
  /** The key that an unknown key was meant to be. That this key is missing is then not reported as well. */
  readonly meant?: Path
}

type Entry = (details: Details) => { readonly says: string; readonly hint: string }

function fixed(says: string, hint: string): Entry {
  return (details) => ({
    says: details.reason === undefined ? says : `${says}: ${details.reason}`,
    hint: details.hint ?? hint,
  })
}

function unknown(what: string): Entry {
  return ({ word, value, known = [], hint }) => {
    const wrong = word ?? String(value)
    const near = nearestWord(wrong, known)
    const all = known.length === 0 ? 'there is none here' : `known: ${list(known)}`
    return {
      says: `unknown ${what} ${shown(wrong)}`,
      hint: hint ?? (near === undefined ? all : `did you mean ${near}?`),
    }
  }
}

function list(words: readonly string[]): string {
  return words.length > 24 ? `${words.slice(0, 24).join(', ')}, ...` : words.join(', ')
}

/** An entry for exceeded limits. `limit` includes its unit: "1048576 bytes", "10^15 trials a cell". */
const over: Entry = ({ value, limit, hint }) => ({
  says:
    value === undefined
      ? `more than ${limit}`
      : `${typeof value === 'string' ? value : shown(value)} is more than ${limit}`,
  hint: hint ?? `the limit is ${limit}`,
})

/** Every way in which a spec can be wrong. The code is public and stable. */
const table = {
  SPEC_TOO_LARGE: over,
  EMPTY: fixed('there is nothing here', 'a spec starts with `version: 1`; see `driftfarm landscapes` and the examples'),
  SYNTAX: fixed('neither YAML nor JSON', 'correct the text at this place'),
  NOT_A_MAPPING: ({ value }) => ({
    says: `${shown(value)} is not a mapping`,
    hint: 'write `key: value` lines, `version: 1` first',
  }),
  DUPLICATE_KEY: ({ word }) => ({ says: `the key ${shown(word)} is here twice`, hint: 'keep one of the two' }),
  KEY_REFUSED: ({ value, reason }) => ({
    says: `the key ${shown(value)} is refused: ${reason}`,
    hint: 'use another key',
  }),
  TEXT_REFUSED: fixed('this text is refused', 'leave the character out'),
  NOT_UTF8: fixed('the text is not UTF-8', 'write it anew as UTF-8'),
  TOO_DEEP: over,
  ALIAS_REFUSED: fixed('this alias is refused', 'write the value out, in quotes where it begins with *'),
  TAG_REFUSED: ({ value }) => ({
    says: `the tag ${shown(value)} is refused`,
    hint: 'put an expression that begins with ! into quotes; tags of YAML are not used',
  }),
  VERSION: ({ value }) => ({
    says: `version ${shown(value)} is not known`,
    hint: `write \`version: 1\`${value === '1' ? ', without quotes' : ''}`,
  }),
  MISSING: ({ expected }) => ({ says: 'is missing', hint: `write ${expected}` }),
  UNKNOWN_KEY: unknown('key'),
  UNKNOWN_WORD: unknown('word'),
  UNKNOWN_PRESET: unknown('preset'),
  UNKNOWN_PARAMETER: unknown('parameter'),
  UNKNOWN_MINIMUM: unknown('minimum'),
  UNKNOWN_POINT: unknown('point'),
  UNKNOWN_NAME: unknown('name'),
  UNKNOWN_ESTIMATE: unknown('estimate'),
  UNKNOWN_PATH: unknown('path'),
  WRONG_TYPE: ({ value, expected, hint }) => ({
    says: `${shown(value)} is not ${expected}`,
    hint: hint ?? `write ${expected}`,
  }),
  EXACTLY_ONE: ({ known = [], reason }) => ({
    says: reason === 'none' ? `none of ${list(known)} is given` : `${reason} exclude one another`,
    hint: `write exactly one of ${list(known)}`,
  }),
  OUT_OF_RANGE: ({ value, expected }) => ({ says: `${shown(value)} is out of range`, hint: `write ${expected}` }),
  NOT_AN_INTEGER: ({ value, expected }) => ({ says: `${shown(value)} is not an integer`, hint: `write ${expected}` }),
  NOT_FINITE: ({ value, reason }) => ({
    says: `${reason ?? 'the number'} is ${shown(value)}`,
    hint: 'every number must be finite',
  }),
  SEED: ({ value }) => ({
    says: `${shown(value)} is no seed`,
    hint:
      typeof value === 'number' || /^-?[\dx]/.test(String(value))
        ? 'write an integer, or a string in decimal or 0x hex, from 0 to 18446744073709551615'
        : 'write an integer, such as seed: 1; left out it is 0',
  }),
  WRONG_DIMENSION: ({ value, expected }) => ({
    says: `${shown(value)} has not the dimension of the landscape`,
    hint: `write ${expected}`,
  }),
  EXPRESSION: ({ value, reason, hint }) => ({
    says: `${shown(value)}: ${reason}`,
    hint: hint ?? 'see the grammar of expressions',
  }),
  EXPRESSION_TOO_LARGE: over,
  NOT_A_CONDITION: ({ value }) => ({
    says: `${shown(value)} compares nothing, so that it is no condition`,
    hint: value === 'basin' ? 'write escape: { basin: true, every: 10 }' : 'compare it with a number, as in "x >= 0"',
  }),
  NOT_A_NUMBER: ({ value }) => ({
    says: `${shown(value)} is a condition, not a number`,
    hint: 'leave the comparison out',
  }),
  NOT_ONE_NUMBER: ({ word, reason }) => ({
    says: `${shown(word)} ${reason}`,
    hint: 'use names that stand for one number',
  }),
  CYCLE: ({ reason }) => ({
    says: `this number depends on itself: ${reason}`,
    hint: 'give one of them as a plain number',
  }),
  NAME_REFUSED: ({ value, reason, hint }) => ({
    says: `the name ${shown(value)} is refused: ${reason}`,
    hint: hint ?? 'choose another name',
  }),
  INDEX_OUT_OF_RANGE: ({ value, reason, limit, hint }) => ({
    says: `${shown(value)}: ${reason}`,
    hint: hint ?? `coordinates are x[1] to x[${limit}]`,
  }),
  MINIMUM_ABSENT: ({ value }) => ({
    says: `with these parameters the minimum ${shown(value)} does not exist`,
    hint: 'give the point by its coordinates, or other parameters',
  }),
  NOT_A_MINIMUM: ({ value, reason, hint }) => ({
    says: `${shown(value)} is no minimum: ${reason}`,
    hint: hint ?? 'correct it (`driftfarm minima SPEC` finds them), or name it under `points:` instead',
  }),
  SAME_MINIMUM: ({ word, reason }) => ({
    says: `${shown(word)} and ${shown(reason)} are the same minimum`,
    hint: 'keep one of the two names',
  }),
  UNUSED_NAME: ({ word, reason, hint }) => ({
    says: `${shown(word)} is used by nothing${reason === undefined ? '' : `: ${reason}`}`,
    hint: hint ?? 'leave it out, or correct the name where it was meant',
  }),
  CONSTANT: ({ value, reason, hint }) => ({
    says: `${shown(value)} ${reason ?? 'is the same at every step: it names no coordinate and no quantity'}`,
    hint: hint ?? 'write a condition on coordinates, loss, gradnorm, distance or step, such as "x >= 0"',
  }),
  NETWORK: ({ value, reason, hint }) => ({ says: `${shown(value)}: ${reason}`, hint: hint ?? 'see the reference' }),
  DRIFT: ({ value, reason, hint }) => ({ says: `${shown(value)}: ${reason}`, hint: hint ?? 'see the reference' }),
  NO_MINIMA: fixed('the landscape has no named minima', 'name some under `minima:`, or give points'),
  NOT_SWEEPABLE: ({ word, hint }) => ({
    says: `${shown(word)} cannot be swept`,
    hint: hint ?? 'sweep what is part of a cell: landscape, start, update, trial, seed, streams, method, let',
  }),
  AXIS: ({ value, reason, hint }) => ({
    says: `${shown(value)} cannot be swept over: ${reason}`,
    hint: hint ?? 'write a list of values or {from, to, count, scale}',
  }),
  CONTRAST: ({ value, reason, hint }) => ({
    says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
    hint: hint ?? 'write {of: escape, between: {PATH: [value, value]}} with two values of a swept path',
  }),
  AXES_OVERLAP: ({ word, reason, hint }) => ({
    says: `${shown(word)} and ${shown(reason)} are swept both`,
    hint: hint ?? 'sweep each value by one axis',
  }),
  SWEPT: ({ word, value }) => ({
    says: `${shown(word)} is swept, a single value would change nothing`,
    hint: `set sweep.${word}=[${shown(value)}]`,
  }),
  NO_CELLS: fixed('no cell is left', 'loosen `where`'),
  FILE: ({ value, reason, hint }) => ({
    says: `${shown(value)} cannot be used: ${reason}`,
    hint: hint ?? 'paths of files are relative to the spec',
  }),
  FILE_TOO_LARGE: over,
  DATA: ({ value, reason, hint }) => ({
    says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
    hint: hint ?? 'every value of a data set is a finite number',
  }),
  DATA_TOO_LARGE: over,
  UNKNOWN_COLUMN: unknown('column'),
  CSV: fixed('this table cannot be read', 'a header of paths, then one line a cell'),
  OPTION: ({ value, reason }) => ({ says: `${shown(value)}: ${reason}`, hint: 'write --set path=value' }),
  METHOD: ({ word, hint = '' }) => ({ says: `${shown(word)} is not for this method`, hint }),
  THRESHOLD: ({ word, hint = '' }) => ({ says: `${shown(word)} does not go with a threshold`, hint }),
  HORIZON: ({ value, limit, expected }) => ({
    says: `${shown(value)} is ${expected === undefined ? 'not before' : 'beyond'} the horizon of ${limit} steps`,
    hint: expected === undefined ? `write integers from 1 to ${Number(limit) - 1}` : `write an integer ${expected}`,
  }),
  NEVER: ({ value, limit }) => ({
    says: `${shown(value)} is false at every step from 1 to the horizon of ${limit} steps`,
    hint: 'name a step within the horizon, or take more `trial.steps`',
  }),
  TOO_MANY_CELLS: over,
  TOO_MANY_CONTRASTS: over,
  TOO_MANY_TRIALS: over,
  TOO_MANY_DIMENSIONS: over,
  TOO_MANY_NAMES: over,
} satisfies Record<string, Entry>

export type SpecErrorCode = keyof typeof table

/**
 * Which part of a value is meant: its key, the whole value, or for a text the position at this offset in UTF-16 units.
 */
export type Part = 'key' | 'value' | number

/** Where a value was written: line and column (from 1) of a file, or a command line option (line and column null). */
export interface Place {
  readonly source: string
  readonly line: number | null
  readonly column: number | null
}

/** A mistake at a path of the document. `place` is null until the file and the line are known. */
export class Mistake extends Error {
  readonly code: SpecErrorCode
  readonly path: Path
  readonly details: Details
  readonly part: Part
  readonly place: Place | null

  constructor(
    code: SpecErrorCode,
    path: Path,
    details: Details = {},
    part: Part = 'value',
    place: Place | null = null,
  ) {
    super(code)
    this.code = code
    this.path = path
    this.details = details
    this.part = part
    this.place = place
  }

  placed(place: Place): Mistake {
    return new Mistake(this.code, this.path, this.details, this.part, this.place ?? place)
  }
}

/** One mistake of a spec, as shown to its author. */
export interface SpecFinding {
  readonly code: SpecErrorCode
  /** One line: the place, the path, what is wrong, and what to do. */
  readonly message: string
  /** Dotted path into the document; '' for the document itself. */
  readonly path: string
  /** From 1; null where the value came from an option. */
  readonly line: number | null
  readonly column: number | null
  readonly hint: string
  /** The wrong value as text; null where it is the whole document. */
  readonly value: string | null
}

/**
 * All mistakes of a spec, at most 20, ordered by line. Code, message and place of the error are those of the first
 * mistake.
 */
export class SpecError extends codedError(allEnding('usage', table)) {
  override readonly name = 'SpecError'
  readonly errors: readonly SpecFinding[]
  /** Whether the list is full, so that there may be more mistakes. */
  readonly mayBeMore: boolean
  override readonly path: string
  readonly line: number | null
  readonly column: number | null
  readonly value: string | null

  /** Takes at least one mistake; each must have its place. */
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
  const { code, details } = mistake
  const { source, line, column } = mistake.place!
  const { says, hint } = table[code](details)
  const path = formatPath(mistake.path)
  const at = line === null ? source : `${source}:${line}:${column}`
  const text = `${at}: ${path === '' ? '' : `${path}: `}${says}; ${hint}`
  const message = text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '?')
  return { code, message, path, line, column, hint, value: details.value === undefined ? null : shown(details.value) }
}

export const specErrorCodes = Object.keys(table) as readonly SpecErrorCode[]
