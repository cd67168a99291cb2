import { compileScalar, NamedValues, parseNumber } from '@driftfarm/formula'
import * as z from 'zod'
import type { Drift, Method } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { Mistake, missing, outOfRange } from '../errors.ts'
import { section } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number } from '../field/section.ts'
import { quantityIn, rewrite, vocabularyAt } from '../field/vocabulary.ts'
import type { Others, ResolvedLandscape } from '../landscape/minima.ts'

/** With the default, a weight is at most ten: one over this fraction. */
const original = number(ranges.belowOne, 'Fraction of trials that keep the original noise.', 0.1)

export const tiltSchema = section(['shift'], {
  shift: z
    .union([z.string(), z.array(z.string())], {
      error: 'a numeric expression over g, coordinates and step, or one for each coordinate',
    })
    .describe('The shift of the noise in each coordinate, in standard deviations of the noise.'),
  original: original.schema,
})

/** A shift that is NaN, or whose absolute value is at least this, is treated as 0. */
const shiftLimit = 1e150

/** The name of the partial derivative in shift expressions. */
const partial = 'g'

export function resolveTilt(frame: Frame, others: Others): Method {
  const [resolved, trial, update] = [others.resolved(), others.trial(), others.update()]
  checkTilted(resolved)
  if (trial.escape === null)
    throw missing(['trial', 'escape'], 'an escape condition: a tilt estimates the probability of an escape')
  if (trial.warmup > 0) throw outOfRange(['trial', 'warmup'], trial.warmup, '0 when the method is tilt')
  if (update.drift.length !== 1 || !isGaussian(update.drift[0]!))
    throw outOfRange(
      ['update', 'drift'],
      update.drift.map(({ form }) => form).join(', ') || 'none',
      'one additive Gaussian drift that acts at every step: a tilt shifts its noise',
    )
  return {
    kind: 'tilt',
    shifts: shiftsOf(frame, resolved),
    original: original.read(frame, 'original'),
  }
}

/** Refuses a landscape whose coordinates the kernel does not hold in local variables: a tilt needs them there. */
function checkTilted({ landscape }: ResolvedLandscape): void {
  const plain = landscape.kind === 'formula' && landscape.data === null
  if (plain && (landscape.variables !== null || landscape.dimension <= 8)) return
  const hasData = landscape.kind !== 'population' && landscape.data !== null
  throw new Mistake('OUT_OF_RANGE', ['method', 'tilt'], {
    value: `a ${landscape.kind} landscape of dimension ${landscape.dimension}${hasData ? ' with data' : ''}`,
    hint: 'use splitting, or a formula that has no data and has either named variables or at most 8 coordinates',
  })
}

function isGaussian(entry: Drift): boolean {
  return entry.form === 'additive' && entry.law.kind === 'gaussian' && entry.when === null && entry.every === 1
}

function shiftsOf(frame: Frame, resolved: ResolvedLandscape): string[] {
  const { scope } = frame
  const { dimension } = resolved.landscape
  const written = frame.get('shift')
  if (written === undefined)
    throw missing(frame.at('shift'), 'the shift of the noise, such as "2 * eta * g / s" with numbers for eta and s')
  const listed = Array.isArray(written) ? (written as readonly string[]) : null
  if (listed !== null && listed.length !== dimension)
    throw outOfRange(
      frame.at('shift'),
      `${listed.length} shifts`,
      `one shift, or one for each of the ${dimension} coordinates`,
    )
  const { vocabulary } = resolved
  const known = { ...vocabularyAt('shift', resolved), others: [partial] }
  const varies = (name: string) =>
    name === partial ||
    quantityIn(name, known, scope) !== null ||
    (vocabulary.variables?.includes(name) ?? name === 'x')
  const taken = [...(vocabulary.variables ?? []), ...vocabulary.parameters, ...scope.letNames].includes(partial)
  return Array.from({ length: dimension }, (_, i) => {
    const text = listed?.[i] ?? String(written)
    const path = listed === null ? frame.at('shift') : [...frame.at('shift'), i]
    const formula = scope.expressions.formula(text, path)
    if (taken && formula.names.has(partial))
      throw new Mistake('NAME_REFUSED', path, {
        value: partial,
        reason: 'in a shift it stands for the partial derivative',
      })
    const shift = rewrite(formula, known, scope, path)
    if (formula.arrays.size === 0 && ![...formula.names].some(varies)) checkConstant(shift, resolved.landscape, path)
    return shift
  })
}

/**
 * Refuses a constant shift that the kernel would treat as 0 at every point. A shift that depends on theta may be
 * treated as 0 at some points.
 */
function checkConstant(shift: string, { parameters }: ResolvedLandscape['landscape'], path: Path): void {
  const named = new NamedValues(parameters.map(([name]) => name))
  named.putAll(parameters)
  const value = compileScalar(parseNumber(shift), named.slots)(named.values, [])
  if (Math.abs(value) < shiftLimit) return
  throw outOfRange(path, value, 'a shift whose absolute value is below 1e150; a larger shift is ignored')
}
