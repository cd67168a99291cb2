import { codedError, nearestWord, sameEnding } from '@driftfarm/formula'
import { formatPath, type Path } from './document/path.ts'
import { shown } from './document/value.ts'
import { limits } from './limits.ts'

export interface Details {
  readonly value?: unknown
  /** What was expected, worded to follow "is not ...". */
  readonly expected?: string
  /** The words that are valid at this place, for "did you mean". */
  readonly known?: readonly string[]
  /** The unknown word, if it differs from `value`. */
  readonly word?: string
  readonly limit?: string
  readonly reason?: string
  readonly hint?: string
  /** The key that the author probably meant. If this key is missing, that is not reported as a second mistake. */
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
    const all = known.length === 0 ? 'none are defined here' : `known: ${list(known)}`
    return {
      says: `unknown ${what} ${shown(wrong)}`,
      hint: hint ?? (near === undefined ? all : `did you mean ${near}?`),
    }
  }
}

function list(words: readonly string[]): string {
  return words.length > 24 ? `${words.slice(0, 24).join(', ')}, ...` : words.join(', ')
}

/** `limit` has a unit: "1048576 bytes", "10^15 trials per cell". */
const over: Entry = ({ value, limit, hint }) => ({
  says:
    value === undefined
      ? `more than ${limit}`
      : `${typeof value === 'string' ? value : shown(value)}, but the limit is ${limit}`,
  hint: hint ?? `use at most ${limit}`,
})

/** The codes are public and stable. */
const table = {
  SPEC_TOO_LARGE: over,
  EMPTY: fixed('the spec is empty', 'start it with `version: 1`; `driftfarm example` lists complete specs'),
  SYNTAX: fixed('neither YAML nor JSON', 'correct the text at this place'),
  NOT_A_MAPPING: ({ value }) => ({
    says: `${shown(value)} is not a mapping`,
    hint: 'write lines of the form `key: value`, beginning with `version: 1`',
  }),
  DUPLICATE_KEY: ({ word }) => ({ says: `the key ${shown(word)} is given twice`, hint: 'keep only one of them' }),
  KEY_REFUSED: ({ value, reason }) => ({
    says: `the key ${shown(value)} is refused: ${reason}`,
    hint: 'use another key',
  }),
  TEXT_REFUSED: fixed('this text is refused', 'remove the character'),
  NOT_UTF8: fixed('the text is not UTF-8', 'save it as UTF-8'),
  TOO_DEEP: over,
  ALIAS_REFUSED: fixed(
    'this alias is refused',
    'write the value instead of the alias, or put text that begins with * in quotes',
  ),
  TAG_REFUSED: ({ value }) => ({
    says: `YAML tags such as ${shown(value)} are not supported`,
    hint: 'remove the tag, or put an expression that begins with ! in quotes',
  }),
  VERSION: ({ value }) => ({
    says: `version ${shown(value)} is not supported`,
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
    says: reason === 'none' ? `none of ${list(known)} is given` : `${reason} cannot be given together`,
    hint: `write exactly one of ${list(known)}`,
  }),
  OUT_OF_RANGE: ({ value, expected, hint }) => ({
    says: `${shown(value)} is out of range`,
    hint: hint ?? `write ${expected}`,
  }),
  NOT_AN_INTEGER: ({ value, expected }) => ({ says: `${shown(value)} is not an integer`, hint: `write ${expected}` }),
  NOT_FINITE: ({ value, reason }) => ({
    says: `${reason ?? 'the number'} is ${shown(value)}`,
    hint: 'every number must be finite',
  }),
  SEED: ({ value }) => ({
    says: `${shown(value)} is not a seed`,
    hint:
      typeof value === 'number' || /^-?[\dx]/.test(String(value))
        ? 'write an integer, or a string in decimal or 0x hex, from 0 to 18446744073709551615'
        : 'write an integer, such as seed: 1; the default is 0',
  }),
  WRONG_DIMENSION: ({ value, expected }) => ({
    says: `${shown(value)} does not match the dimension of the landscape`,
    hint: `write ${expected}`,
  }),
  EXPRESSION: ({ value, reason, hint }) => ({
    says: `${shown(value)}: ${reason}`,
    hint: hint ?? 'see the expression grammar in the reference',
  }),
  EXPRESSION_TOO_LARGE: over,
  NOT_A_CONDITION: ({ value }) => ({
    says: `${shown(value)} is not a condition: it compares nothing`,
    hint: value === 'basin' ? 'write escape: { basin: true, every: 10 }' : 'compare it with a number, as in "x >= 0"',
  }),
  NOT_A_NUMBER: ({ value }) => ({
    says: `${shown(value)} is a condition, not a number`,
    hint: 'remove the comparison',
  }),
  NOT_ONE_NUMBER: ({ word, reason }) => ({
    says: `${shown(word)} ${reason}`,
    hint: 'use names that stand for a single number',
  }),
  CYCLE: ({ reason }) => ({
    says: `this number depends on itself: ${reason}`,
    hint: 'replace one of these expressions by a plain number',
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
    hint: 'give the point by its coordinates, or change the parameters',
  }),
  NOT_A_MINIMUM: ({ value, reason, hint }) => ({
    says: `${shown(value)} is not a minimum: ${reason}`,
    hint: hint ?? 'correct the point (`driftfarm minima SPEC` finds minima), or name it under `points:` instead',
  }),
  SAME_MINIMUM: ({ word, reason }) => ({
    says: `${shown(word)} and ${shown(reason)} are the same minimum`,
    hint: 'keep only one of the names',
  }),
  UNUSED_NAME: ({ word, reason, hint }) => ({
    says: `${shown(word)} is not used${reason === undefined ? '' : `: ${reason}`}`,
    hint: hint ?? 'remove it, or check the spelling of the name where it should be used',
  }),
  CONSTANT: ({ value, reason, hint }) => ({
    says: `${shown(value)} ${reason ?? 'is the same at every step: it contains nothing that changes during a trial'}`,
    hint: hint ?? 'write a condition on coordinates, loss, gradnorm, distance or step, such as "x >= 0"',
  }),
  NETWORK: ({ value, reason, hint }) => ({
    says: `${shown(value)}: ${reason}`,
    hint: hint ?? 'see `landscape.network` in the reference',
  }),
  DRIFT: ({ value, reason, hint }) => ({
    says: `${shown(value)}: ${reason}`,
    hint: hint ?? 'see `update.drift` in the reference',
  }),
  NO_MINIMA: fixed(
    'the landscape has no named minima',
    'define minima under `minima:` of the landscape, or write the coordinates of a point in `of`',
  ),
  NOT_SWEEPABLE: ({ word, hint }) => ({
    says: `${shown(word)} cannot be swept`,
    hint: hint ?? 'only paths in landscape, start, update, trial, seed, streams, method and let can be swept',
  }),
  AXIS: ({ value, reason, hint }) => ({
    says: `${shown(value)} cannot be swept: ${reason}`,
    hint: hint ?? 'write a list of values or {from, to, count, scale}',
  }),
  CONTRAST: ({ value, reason, hint }) => ({
    says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
    hint: hint ?? 'write {of: escape, between: {PATH: [value, value]}} with two values of a swept path',
  }),
  AXES_OVERLAP: ({ word, reason, hint }) => ({
    says: `${shown(word)} and ${shown(reason)} are both swept`,
    hint: hint ?? 'sweep each value with one axis only',
  }),
  SWEPT: ({ word, value }) => ({
    says: `${shown(word)} is swept, so a single value would have no effect`,
    hint: `set sweep.${word}=[${shown(value)}]`,
  }),
  NO_CELLS: fixed('no cell satisfies the condition', 'loosen `where`'),
  FILE: ({ value, reason, hint }) => ({
    says: `${shown(value)} cannot be used: ${reason}`,
    hint: hint ?? 'file paths are relative to the folder of the spec',
  }),
  FILE_TOO_LARGE: ({ value, limit }) => ({
    says: `the file ${shown(value)} exceeds the limit of ${limit}`,
    hint: 'make the file smaller',
  }),
  DATA: ({ value, reason, hint }) => ({
    says: value === undefined ? `${reason}` : `${shown(value)}: ${reason}`,
    hint: hint ?? 'every value of a data set must be a finite number',
  }),
  DATA_TOO_LARGE: over,
  UNKNOWN_COLUMN: unknown('column'),
  CSV: fixed('this table cannot be read', 'write a header with the swept paths, then one line for each cell'),
  OPTION: ({ value, reason }) => ({ says: `${shown(value)}: ${reason}`, hint: 'write --set path=value' }),
  METHOD: ({ word, hint = '' }) => ({ says: `${shown(word)} cannot be used with this method`, hint }),
  THRESHOLD: ({ word, hint = '' }) => ({ says: `${shown(word)} cannot be combined with a threshold`, hint }),
  HORIZON: ({ value, limit, expected }) => ({
    says: `${shown(value)} ${expected === undefined ? 'must be less than' : 'is beyond'} the horizon of ${limit} steps`,
    hint: expected === undefined ? `write integers from 1 to ${Number(limit) - 1}` : `write an integer ${expected}`,
  }),
  NEVER: ({ value, limit }) => ({
    says: `${shown(value)} is false at every step from 1 to the horizon, ${limit}`,
    hint: 'name a step within the horizon, or increase `trial.steps`',
  }),
  TOO_MANY_CELLS: over,
  TOO_MANY_CONTRASTS: over,
  TOO_MANY_TRIALS: over,
  TOO_MANY_DIMENSIONS: over,
  TOO_MANY_NAMES: over,
} satisfies Record<string, Entry>

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
}

/** A mistake at a path of the document. `place` is null until the place in a file or option is known. */
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
}

/**
 * The mistakes of a spec, ordered by line. At most 20 are listed. The error has the code, message and place of the
 * first mistake.
 */
export class SpecError extends codedError(sameEnding('usage', table)) {
  override readonly name = 'SpecError'
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
