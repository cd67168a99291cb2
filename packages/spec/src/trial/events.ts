import { fold, parse, print } from '@driftfarm/formula'
import * as z from 'zod'
import type { Converge, Escape } from '../cell.ts'
import { isMapping, type Path } from '../document/value.ts'
import { Mistake, misplacedKey, missing, wrongType } from '../errors.ts'
import { type KnownExpression, offsetOf } from '../field/expressions.ts'
import { keys, label, named, section, text } from '../field/field.ts'
import { type Frame, onlyOne, refuseUnknownKeys, type Scope } from '../field/frame.ts'
import { unmatchable } from '../field/matching.ts'
import type { QuantityPlace } from '../field/quantities.ts'
import { ranges } from '../field/range.ts'
import { number, readersOf, shapeOf } from '../field/section.ts'
import { checkCount, quantityIn, rewrite, type Vocabulary, vocabularyAt } from '../field/vocabulary.ts'
import { pointSchema } from '../landscape/fields.ts'
import { type Minimum, placeNamed, type ResolvedLandscape, resolvePoint } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'
import { descentFields } from './descent.ts'

/** Reads the condition at `key` of `frame` and returns its canonical text. `isTimed`: the condition has an `every`. */
export type Condition = (frame: Frame, key: string, isTimed?: boolean) => string

/** `hasQuench`: whether the end of a trial has a quench. */
export function conditionReader(
  scope: Scope,
  resolved: ResolvedLandscape,
  place: QuantityPlace,
  hasQuench = false,
): Condition {
  return (frame, key, isTimed = false) => {
    const path = frame.at(key)
    const known = scope.expressions.condition(String(frame.get(key)), path)
    const words = vocabularyAt(place, resolved, hasQuench && !isTimed)
    const text = rewrite(known, words, scope, path)
    checkVaries(known, words, scope, path)
    for (const name of known.names)
      if (quantityIn(name, words, scope)?.isShare) checkShare(name, text, path, offsetOf(name, known.text))
    return text
  }
}

/**
 * Refuses a condition that has the same value at every point and is therefore decided before the trial begins. The
 * condition of a drift may depend on parameters only: it then switches the drift on or off for a whole cell.
 */
function checkVaries(known: KnownExpression, words: Vocabulary, scope: Scope, path: Path): void {
  if (known.arrays.size > 0) return
  const coordinates = words.variables ?? ['x']
  const isVarying = (name: string) => coordinates.includes(name) || quantityIn(name, words, scope) !== null
  if (words.use?.place === 'switch' ? known.names.size > 0 : [...known.names].some(isVarying)) return
  throw new Mistake('CONSTANT', path, { value: known.text })
}

/** Refuses to compare a share with a number outside 0 .. 1, usually a percentage: the result would never change. */
function checkShare(name: string, condition: string, path: Path, at: number): void {
  fold<null>(parse(condition), (e) => {
    const [left, right] = e.kind === 'compare' ? [print(e.left), print(e.right)] : []
    const value = Number(left === name ? right : right === name ? left : Number.NaN)
    if (!(value < 0 || value > 1)) return null
    const hint = `write ${value >= 2 && value <= 100 ? Number(`${value}e-2`) : 'a share'} instead of ${value}`
    throw new Mistake('CONSTANT', path, { value: print(e), reason: `${name} is a share from 0 to 1`, hint }, at)
  })
}

/** What the events of a trial are read with. */
export interface EventInput {
  readonly resolved: ResolvedLandscape
  readonly condition: Condition
}

export const conditionSchema = text('a condition such as "x >= 0"')

const every = number(
  ranges.steps,
  'The condition is evaluated only at the steps that are multiples of this number, not at step 0. Write it for ' +
    'conditions that take long, such as those on `accuracy`.',
  1,
)
const timedSchema = section(['when'], { when: conditionSchema.describe('The condition.'), every: every.schema })
export const timedOrPlain = z.union([conditionSchema, timedSchema], {
  error: 'a condition such as "x >= 0", or {when: CONDITION, every: STEPS}',
})

/** A condition, and its `every`, which is left out if it is 1. */
export type Timed = readonly [when: string, every?: number]

/** Reads the condition at `key`, which is a text or `{when, every}`. */
export function timed(frame: Frame, key: string, condition: Condition): Timed {
  return isMapping(frame.get(key)) ? timedParts(frame.inner(key), condition) : [condition(frame, key)]
}

function timedParts(frame: Frame, condition: Condition): Timed {
  refuseUnknownKeys(frame, ['when', 'every'], 'a condition takes the keys when and every')
  const steps = every.read(frame, 'every')
  if (frame.get('when') === undefined) throw missing(frame.at('when'), 'a condition such as "x >= 0"')
  return steps === 1 ? [condition(frame, 'when')] : [condition(frame, 'when', true), steps]
}

const place = z.union([z.string(), pointSchema], { error: 'the name of a minimum, or a point' })

const outsideFields = {
  radius: number(ranges.positive, 'The trial escapes at this distance from the centre.'),
  of: {
    schema: place.describe('The centre: a named minimum, or a point.'),
    read: (frame: Frame, key: string, { landscape, minima }: ResolvedLandscape) => {
      const of = frame.get(key)
      if (typeof of === 'string') return placeNamed(of, minima, frame.at(key))[1]
      return resolvePoint(frame, key, landscape.dimension)
    },
  },
}

const expectedExit = 'a condition such as "x >= 0"'
const outsideSchema = keys(shapeOf(outsideFields)).describe('|theta - of| >= radius')
const moduloWords = ['none', 'symmetry'] as const
// Other keys are refused where `basin` is read, which knows their place.
const moduloSchema = z.looseObject({
  modulo: text('none or symmetry').meta({
    enum: [...moduloWords],
    description: 'symmetry: up to the order, sign and scale of the units of a network.',
  }),
})
const exits = z.union([conditionSchema, timedSchema, outsideSchema, moduloSchema, z.boolean(), z.number()], {
  error: expectedExit,
})

export const escapeField = {
  schema: z
    .union([conditionSchema, named(label, exits, 'a mapping of names to conditions')], {
      error: 'a condition, named conditions, {when, every}, {outside: {radius, of}} or {basin: true, every}',
    })
    .describe(
      'The escape: a condition, named exits, {outside: {radius, of}}, or {basin: true, every}. A condition is a text ' +
        'or {when, every}. If several exits hold at one step, the first one counts. basin: at each step n that is a ' +
        'multiple of `every`, noise-free descents start from theta_n and from theta_0. The trial escapes if they end ' +
        'in different basins. The mapping may also contain `gradient`, `eta` and `steps`, which control these ' +
        'descents. With {basin: {modulo: symmetry}}, the ends of a network are compared up to the order, sign and ' +
        'scale of its units.',
    ),
  read: (trial: Frame, key: string, { resolved, condition }: EventInput): Escape | null => {
    const written = trial.get(key)
    if (written === undefined) return null
    if (typeof written === 'string') return { kind: 'exits', exits: [['', condition(trial, key)]] }
    const frame = trial.inner(key)
    const names = Object.keys(frame.object)
    if (isMapping(frame.get('outside'))) {
      refuseUnknownKeys(frame, ['outside'], '`outside` cannot be combined with other exits')
      return { kind: 'outside', ...collectParts(readersOf(outsideFields, frame.inner('outside'), resolved)) }
    }
    // A string under `basin` is the condition of an exit named basin, not a basin escape.
    if (frame.get('basin') !== undefined && typeof frame.get('basin') !== 'string') return basin(frame, resolved)
    // Without a number under `every`, an exit has the name `when`.
    if (typeof frame.get('when') === 'string' && typeof frame.get('every') === 'number')
      return { kind: 'exits', exits: [['', ...timedParts(frame, condition)]] }
    if (names.length === 0) throw missing(frame.path(), 'a condition, or at least one named exit')
    checkCount(names.length, limits.exits, 'exits', frame.path())
    return { kind: 'exits', exits: collectEach(names, (name) => [name, ...exit(frame, name, condition)] as const) }
  },
}

function exit(frame: Frame, name: string, condition: Condition): Timed {
  const value = frame.get(name)
  if (typeof value === 'string' || isMapping(value)) return timed(frame, name, condition)
  throw wrongType(frame.at(name), value, expectedExit)
}

function basin(frame: Frame, { landscape }: ResolvedLandscape): Escape {
  const known = ['basin', 'every', 'modulo', ...Object.keys(descentFields)]
  const { every, descent, isModulo } = collectParts({
    keys: () => refuseUnknownKeys(frame, known, '`basin` cannot be combined with other exits'),
    basin: () => {
      const value = frame.get('basin')
      if (value !== true && !isMapping(value)) throw wrongType(frame.at('basin'), value, 'true or {modulo: symmetry}')
    },
    isModulo: () => {
      const inner = isMapping(frame.get('basin')) ? frame.inner('basin') : frame
      const beside = Object.keys(inner.object).find((key) => inner !== frame && key !== 'modulo' && known.includes(key))
      if (beside !== undefined) throw misplacedKey(inner.at(beside), `write \`${beside}\` beside \`basin\``)
      if (inner !== frame) refuseUnknownKeys(inner, ['modulo'], '`basin` takes only the key modulo')
      return usesSymmetry(inner, landscape)
    },
    every: () => frame.number('every', ranges.steps, 1),
    descent: () => collectParts(readersOf(descentFields, frame)),
  })
  return { kind: 'basin', every, descent, ...(isModulo && { modulo: 'symmetry' }) }
}

/** Without hidden units, there is nothing to match. */
function usesSymmetry(frame: Frame, landscape: ResolvedLandscape['landscape']): boolean {
  const value = frame.get('modulo')
  if (value === undefined || value === 'none') return false
  if (value !== 'symmetry') throw wrongType(frame.at('modulo'), value, moduloWords.join(' or '))
  const reason = unmatchable(landscape)
  if (reason !== null) throw new Mistake('NETWORK', frame.at('modulo'), { value, reason, hint: 'write `basin: true`' })
  return landscape.kind !== 'network' || landscape.layers.length > 2
}

const within = number(
  ranges.positive,
  'Converged when theta is within this distance of the centre, which the key `of` gives.',
)
const gradient = number(ranges.nonNegative, 'Converged when the Euclidean norm of the gradient is at most this.')
const hold = number(
  ranges.steps,
  'The condition must hold at this number of consecutive steps. The last of these steps is the time of convergence.',
  1,
)

export const convergeField = {
  schema: section([], {
    within: within.schema,
    of: place.describe('The centre: a minimum, a point, or `any` for all named minima. Default any.'),
    gradient: gradient.schema,
    when: conditionSchema.describe(
      'Converged when this condition holds. It may use the coordinates, loss, gradnorm, distance and step.',
    ),
    every: every.schema.describe(
      'Only with `when`, which is then evaluated only at the steps that are multiples of this number. `hold` counts ' +
        'evaluations.',
    ),
    hold: hold.schema,
  }).describe('When a trial has converged: exactly one of within, gradient, when.'),
  read: (trial: Frame, key: string, { resolved, condition }: EventInput): Converge | null => {
    if (trial.get(key) === undefined) return null
    const frame = trial.inner(key)
    const kind = onlyOne(frame, ['within', 'gradient', 'when'])
    const held = { hold: () => hold.read(frame, 'hold') }
    if (kind === 'within') {
      const radius = () => within.read(frame, 'within')
      return { kind, ...collectParts({ radius, of: () => centres(frame, resolved), ...held }) }
    }
    if (frame.get('of') !== undefined) throw misplacedKey(frame.at('of'), '`of` can be used only with `within`')
    if (kind === 'when') {
      const each = () => every.read(frame, 'every')
      const when = () => condition(frame, 'when', each() > 1)
      const { steps, ...read } = collectParts({ when, steps: each, ...held })
      return { kind, ...read, ...(steps === 1 ? {} : { every: steps }) }
    }
    if (frame.get('every') !== undefined) throw misplacedKey(frame.at('every'), '`every` can be used only with `when`')
    return { kind, ...collectParts({ tolerance: () => gradient.read(frame, 'gradient'), ...held }) }
  },
}

function centres(frame: Frame, { landscape, minima }: ResolvedLandscape): readonly Minimum[] {
  const of = frame.get('of') ?? 'any'
  if (typeof of !== 'string') return [['', resolvePoint(frame, 'of', landscape.dimension)]]
  if (of !== 'any') return [placeNamed(of, minima, frame.at('of'))]
  if (minima.all.length === 0 && minima.absent.length + minima.broken.length === 0)
    throw new Mistake('NO_MINIMA', frame.at('of'))
  return minima.all
}
