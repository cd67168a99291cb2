import * as z from 'zod'
import type { Shape } from '../cell.ts'
import { isMapping } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { oneKey, section } from '../field/field.ts'
import { type Frame, onlyOne } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, readersOf, shapeOf, word } from '../field/section.ts'
import { pointSchema } from '../landscape/fields.ts'
import { type ResolvedLandscape, resolvePoint } from '../landscape/minima.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts } from '../mistakes.ts'

const localFields = {
  at: word(['start', 'current'], 'Where the matrix is evaluated. start: at theta_0 of the trial. current: at theta_n.'),
  power: number(
    ranges.positive,
    'S is the Hessian or covariance raised to this power, with negative eigenvalues set to 0.',
    0.5,
  ),
  trace: number(ranges.positive, "S is scaled so that the trace of S S' has this value. Default: not scaled.", null),
}
const localSchema = section([], shapeOf(localFields))
const rowsSchema = z.array(pointSchema, { error: 'a list of rows [..]' })
const locals = {
  hessian: localSchema.describe('Computes S from the Hessian of the loss.'),
  covariance: localSchema.describe('Computes S from the covariance of the single-sample gradients.'),
}

export const shapeShape = {
  S: z
    .union([rowsSchema, pointSchema, oneKey(locals)], {
      error: 'a matrix [[..], ..], a diagonal [..], {hessian: {..}} or {covariance: {..}}',
    })
    .describe('The matrix S of anisotropic drift.'),
  matrix: rowsSchema.describe('The matrix S, given by its rows.'),
  diagonal: pointSchema.describe('The diagonal matrix S, given by its diagonal.'),
  ...locals,
}
export const shapeKeys = Object.keys(shapeShape) as (keyof typeof shapeShape)[]

/**
 * Reads the shape S of anisotropic noise. It is written as `S: [[..]]`, `S: [..]` or `S: {hessian | covariance: {..}}`.
 * Instead of `S`, the key may name the kind of the shape, as in `matrix: [[..]]`.
 */
export function resolveShape(frame: Frame, resolved: ResolvedLandscape): Shape {
  const { dimension } = resolved.landscape
  const key = onlyOne(frame, shapeKeys)
  const written = frame.get(key)
  if (key === 'S' && isMapping(written)) {
    const inner = frame.inner('S')
    return local(inner, onlyOne(inner, ['hessian', 'covariance']), resolved)
  }
  if (key === 'hessian' || key === 'covariance') return local(frame, key, resolved)
  const isMatrix = key === 'matrix' || (key === 'S' && Array.isArray((written as readonly unknown[])[0]))
  return isMatrix
    ? { kind: 'matrix', rows: matrix(frame, key, dimension) }
    : { kind: 'diagonal', values: resolvePoint(frame, key, dimension) }
}

function matrix(frame: Frame, key: string, dimension: number): readonly (readonly number[])[] {
  const list = frame.inner(key)
  const rows = list.object as readonly unknown[]
  if (rows.length !== dimension) {
    const expected = `a ${dimension} x ${dimension} matrix, or the ${dimension} numbers of its diagonal`
    throw new Mistake('WRONG_DIMENSION', list.path(), { value: rows, expected })
  }
  return collectEach(rows, (_, i) => resolvePoint(list, i, dimension))
}

function local(holder: Frame, kind: 'hessian' | 'covariance', resolved: ResolvedLandscape): Shape {
  const { dimension } = resolved.landscape
  if (dimension > limits.shapeDimension) {
    const limit = `${limits.shapeDimension} dimensions for \`${kind}\``
    throw new Mistake('TOO_MANY_DIMENSIONS', holder.at(kind), { value: dimension, limit }, 'key')
  }
  if (kind === 'covariance' && resolved.tables.length === 0) {
    const reason = 'the landscape has no samples'
    const hint = 'use hessian, or a landscape with data'
    throw new Mistake('DRIFT', holder.at(kind), { value: kind, reason, hint }, 'key')
  }
  return { kind, ...collectParts(readersOf(localFields, holder.inner(kind))) }
}
