import { compileScalar, parseNumber } from '@driftfarm/formula'
import type { Method } from '../cell.ts'
import type { Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import { rewrite } from '../field/vocabulary.ts'
import type { MethodInput } from './methodInput.ts'

/** Default fraction of trials with the original noise. A weight is at most one over this fraction, so at most ten. */
const defaultOriginal = 0.1

/** A shift that is NaN, or whose absolute value is at least this, is treated as 0. */
const shiftLimit = 1e150

/** The name of the partial derivative in shift expressions. */
const partial = 'g'

export function resolveTilt(scope: Scope, frame: Frame, input: MethodInput): Method {
  const { resolved, trial, update } = input
  const { dimension } = resolved.landscape
  checkTilted(input)
  if (trial.escape === null)
    throw new Mistake('MISSING', ['trial', 'escape'], {
      expected: 'an escape condition: a tilt estimates the probability of an escape',
    })
  if (trial.warmup > 0)
    throw new Mistake('OUT_OF_RANGE', ['trial', 'warmup'], {
      value: trial.warmup,
      expected: '0 when the method is tilt',
    })
  if (update.drift.length !== 1 || !isGaussian(update.drift[0]!))
    throw new Mistake('OUT_OF_RANGE', ['update', 'drift'], {
      value: update.drift.map(({ form }) => form).join(', ') || 'none',
      expected: 'one additive Gaussian drift that acts at every step: a tilt shifts its noise',
    })
  return {
    kind: 'tilt',
    shifts: shiftsOf(scope, frame, input, dimension),
    original: scope.number(frame, 'original', ranges.mixture, defaultOriginal),
  }
}

/** Refuses a landscape whose coordinates the kernel does not hold in local variables: a tilt needs them there. */
function checkTilted({ resolved: { landscape } }: MethodInput): void {
  const plain = landscape.kind === 'formula' && landscape.data === null
  if (plain && (landscape.variables !== null || landscape.dimension <= 8)) return
  const hasData = landscape.kind !== 'population' && landscape.data !== null
  throw new Mistake('OUT_OF_RANGE', ['method', 'tilt'], {
    value: `a ${landscape.kind} landscape of dimension ${landscape.dimension}${hasData ? ' with data' : ''}`,
    hint: 'use splitting, or a formula that has no data and has either named variables or at most 8 coordinates',
  })
}

function isGaussian(entry: MethodInput['update']['drift'][number]): boolean {
  return entry.form === 'additive' && entry.law.kind === 'gaussian' && entry.when === null && entry.every === 1
}

function shiftsOf(scope: Scope, frame: Frame, input: MethodInput, dimension: number): string[] {
  const { resolved } = input
  const written = frame.get('shift')
  if (written === undefined)
    throw new Mistake('MISSING', frame.at('shift'), {
      expected: 'the shift of the noise, such as "2 * eta * g / s" with numbers for eta and s',
    })
  const listed = Array.isArray(written) ? (written as readonly string[]) : null
  if (listed !== null && listed.length !== dimension)
    throw new Mistake('OUT_OF_RANGE', frame.at('shift'), {
      value: `${listed.length} shifts`,
      expected: `one shift, or one for each of the ${dimension} coordinates`,
    })
  const { vocabulary } = resolved
  const known = { ...vocabulary, quantities: [...vocabulary.quantities, partial] }
  const varies = (name: string) =>
    known.quantities.includes(name) || (vocabulary.variables?.includes(name) ?? name === 'x')
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
function checkConstant(shift: string, { parameters }: MethodInput['resolved']['landscape'], path: Path): void {
  const names = new Map(parameters.map(([name], slot) => [name, slot]))
  const values = Float64Array.from(parameters, ([, value]) => value)
  const value = compileScalar(parseNumber(shift), { names, arrays: new Map() })(values, [])
  if (Math.abs(value) < shiftLimit) return
  throw new Mistake('OUT_OF_RANGE', path, {
    value,
    expected: 'a shift whose absolute value is below 1e150; a larger shift is ignored',
  })
}
