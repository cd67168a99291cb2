import type { Shape } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { type Frame, onlyOne } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { Scope } from '../field/scope.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { resolvePoint } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'

export const shapeKeys = ['S', 'matrix', 'diagonal', 'hessian', 'covariance'] as const

/**
 * Reads the shape S of anisotropic noise. It is written as `S: [[..]]`, `S: [..]` or `S: {hessian | covariance: {..}}`.
 * Instead of `S`, the key may name the kind of the shape, as in `matrix: [[..]]`.
 */
export function resolveShape(scope: Scope, frame: Frame, resolved: ResolvedLandscape): Shape {
  const { dimension } = resolved.landscape
  const key = onlyOne(frame, shapeKeys)
  const written = frame.get(key)
  if (key === 'S' && isMapping(written)) {
    const inner = frame.inner('S')
    return local(scope, inner, onlyOne(inner, ['hessian', 'covariance']), resolved)
  }
  if (key === 'hessian' || key === 'covariance') return local(scope, frame, key, resolved)
  const isMatrix = key === 'matrix' || (key === 'S' && Array.isArray((written as readonly unknown[])[0]))
  return isMatrix
    ? { kind: 'matrix', rows: matrix(scope, frame, key, dimension) }
    : { kind: 'diagonal', values: resolvePoint(scope, frame, key, dimension) }
}

function matrix(scope: Scope, frame: Frame, key: string, dimension: number): readonly (readonly number[])[] {
  const list = frame.inner(key)
  const rows = list.object as readonly unknown[]
  if (rows.length !== dimension) {
    const expected = `a ${dimension} x ${dimension} matrix, or the ${dimension} numbers of its diagonal`
    throw new Mistake('WRONG_DIMENSION', list.path(), { value: rows, expected })
  }
  return collectEach(rows, (row, i) => {
    if (!Array.isArray(row)) {
      throw new Mistake('WRONG_TYPE', list.at(i), { value: row, expected: `a row of ${dimension} numbers` })
    }
    return resolvePoint(scope, list, i, dimension)
  })
}

function local(scope: Scope, holder: Frame, kind: 'hessian' | 'covariance', resolved: ResolvedLandscape): Shape {
  const { dimension } = resolved.landscape
  if (dimension > limits.shapeDimension) {
    const limit = `${limits.shapeDimension} dimensions for \`${kind}\``
    throw new Mistake('TOO_MANY_DIMENSIONS', holder.at(kind), { value: dimension, limit }, 'key')
  }
  if (kind === 'covariance' && resolved.data === null) {
    const details = {
      value: kind,
      reason: 'the landscape has no samples',
      hint: 'use hessian, or a landscape with data',
    }
    throw new Mistake('DRIFT', holder.at(kind), details, 'key')
  }
  const frame = holder.inner(kind)
  return {
    kind,
    ...collectParts({
      at: () => (frame.get('at') as 'start' | 'current' | undefined) ?? 'start',
      power: () => scope.number(frame, 'power', ranges.positive, 0.5),
      trace: () => (frame.get('trace') === undefined ? null : scope.number(frame, 'trace', ranges.positive)),
    }),
  }
}
