import type { Converge, Escape } from '../cell.ts'
import { isMapping, type Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import type { KnownExpression } from '../field/expressions.ts'
import { type Frame, onlyOne, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { checkCount, rewrite, type Vocabulary } from '../field/vocabulary.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { type Minimum, placeNamed, resolvePoint } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { resolveDescent } from './descent.ts'

/** Reads the condition at `key` of `frame` and returns its canonical text. */
export type Condition = (frame: Frame, key: string) => string

interface Reading {
  /** Further quantities that a condition may use, besides `eventQuantities`. */
  readonly besides?: readonly string[]
  /** Allows conditions on parameters only, which switch a drift on or off for a whole cell. */
  readonly mayBeSwitch?: boolean
}

export function conditionReader(
  scope: Scope,
  resolved: ResolvedLandscape,
  { besides = [], mayBeSwitch = false }: Reading = {},
): Condition {
  return (frame, key) => {
    const path = frame.at(key)
    const known = scope.expressions.condition(String(frame.get(key)), path)
    const { vocabulary } = resolved
    const words = { ...vocabulary, quantities: [...vocabulary.quantities, ...besides] }
    const text = rewrite(known, words, scope, path)
    checkVaries(known, words, mayBeSwitch, path)
    return text
  }
}

/** Refuses a condition that has the same value at every point and is therefore decided before the trial begins. */
function checkVaries(known: KnownExpression, words: Vocabulary, mayBeSwitch: boolean, path: Path): void {
  if (known.arrays.size > 0) return
  const coordinates = words.variables ?? ['x']
  const isVarying = (name: string) => coordinates.includes(name) || words.quantities.includes(name)
  if (mayBeSwitch ? known.names.size > 0 : [...known.names].some(isVarying)) return
  throw new Mistake('CONSTANT', path, { value: known.text })
}

export function resolveEscape(
  scope: Scope,
  trial: Frame,
  resolved: ResolvedLandscape,
  condition: Condition,
): Escape | null {
  const written = trial.get('escape')
  if (written === undefined) return null
  if (typeof written === 'string') return { kind: 'exits', exits: [['', condition(trial, 'escape')]] }
  const frame = trial.inner('escape')
  const names = Object.keys(frame.object)
  if (isMapping(frame.get('outside'))) {
    refuseUnknownKeys(frame, ['outside'], '`outside` cannot be combined with other exits')
    return outside(scope, frame.inner('outside'), resolved)
  }
  // A string under `basin` is the condition of an exit named basin, not a basin escape.
  if (frame.get('basin') !== undefined && typeof frame.get('basin') !== 'string') return basin(scope, frame)
  if (names.length === 0)
    throw new Mistake('MISSING', frame.path(), { expected: 'a condition, or at least one named exit' })
  checkCount(names.length, limits.exits, 'exits', frame.path())
  return { kind: 'exits', exits: collectEach(names, (name) => [name, exit(frame, name, condition)] as const) }
}

function exit(frame: Frame, name: string, condition: Condition): string {
  const value = frame.get(name)
  if (typeof value === 'string') return condition(frame, name)
  throw new Mistake('WRONG_TYPE', frame.at(name), { value, expected: 'a condition such as "x >= 0"' })
}

function outside(scope: Scope, frame: Frame, { landscape, minima }: ResolvedLandscape): Escape {
  const { radius, of } = collectParts({
    radius: () => scope.number(frame, 'radius', ranges.positive),
    of: () => {
      const of = frame.get('of')
      if (typeof of === 'string') return placeNamed(of, minima, frame.at('of'))[1]
      return resolvePoint(scope, frame, 'of', landscape.dimension)
    },
  })
  return { kind: 'outside', radius, of }
}

function basin(scope: Scope, frame: Frame): Escape {
  const { every, descent } = collectParts({
    keys: () =>
      refuseUnknownKeys(
        frame,
        ['basin', 'every', 'gradient', 'eta', 'steps'],
        '`basin` cannot be combined with other exits',
      ),
    basin: () => {
      const value = frame.get('basin')
      if (value !== true) throw new Mistake('WRONG_TYPE', frame.at('basin'), { value, expected: 'true' })
    },
    every: () => scope.number(frame, 'every', ranges.hold, 1),
    descent: () => resolveDescent(scope, frame),
  })
  return { kind: 'basin', every, descent }
}

const forms = ['within', 'gradient', 'when'] as const

export function resolveConverge(
  scope: Scope,
  trial: Frame,
  resolved: ResolvedLandscape,
  condition: Condition,
): Converge | null {
  if (trial.get('converge') === undefined) return null
  const frame = trial.inner('converge')
  const form = onlyOne(frame, forms)
  const hold = () => scope.number(frame, 'hold', ranges.hold, 1)
  if (form === 'within') {
    const radius = () => scope.number(frame, 'within', ranges.positive)
    return { kind: 'within', ...collectParts({ radius, of: () => centres(scope, frame, resolved), hold }) }
  }
  if (frame.get('of') !== undefined) {
    throw new Mistake('UNKNOWN_KEY', frame.at('of'), { word: 'of', hint: '`of` can be used only with `within`' }, 'key')
  }
  if (form === 'when') return { kind: 'when', ...collectParts({ when: () => condition(frame, 'when'), hold }) }
  const tolerance = () => scope.number(frame, 'gradient', ranges.nonNegative)
  return { kind: 'gradient', ...collectParts({ tolerance, hold }) }
}

function centres(scope: Scope, frame: Frame, { landscape, minima }: ResolvedLandscape): readonly Minimum[] {
  const of = frame.get('of') ?? 'any'
  if (typeof of !== 'string') return [['', resolvePoint(scope, frame, 'of', landscape.dimension)]]
  if (of !== 'any') return [placeNamed(of, minima, frame.at('of'))]
  if (minima.all.length === 0 && minima.absent.length + minima.broken.length === 0)
    throw new Mistake('NO_MINIMA', frame.at('of'))
  return minima.all
}
