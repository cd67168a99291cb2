import type { Source } from '../document/source.ts'
import { isMapping, own, type Path } from '../document/value.ts'
import { axisMistake, Mistake, missing, overLimit } from '../errors.ts'
import { type Frame, frameAt, type Scope } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { resolveSeed } from '../field/seed.ts'
import { limits } from '../limits.ts'
import { collectEach, collectParts, validOrNull } from '../mistakes.ts'
import { flowStyle } from '../words/flowStyle.ts'
import { type DesignForm, designForms } from './forms.ts'
import { type Axis, axisOf, rangeColumn } from './grid.ts'
import { latinCoordinate } from './latin.ts'
import { refuseOtherKeys, resolveEnds, valueBetween } from './range.ts'
import { refuseNested } from './singleValue.ts'
import { sobolCoordinate, sobolDimensions } from './sobol.ts'

export function isDesign(form: string): form is DesignForm {
  return (designForms as readonly string[]).includes(form)
}

interface Written {
  readonly form: DesignForm
  readonly value: unknown
  readonly path: Path
  readonly source: Source
}

/**
 * Returns a design as one axis of points, each with a value for every path.
 *  - sobol: the first points of the Sobol sequence, whose dimensions are the sorted paths.
 *  - latin: a Latin hypercube. On each axis, its points are the midpoints of `count` equal parts, in an order that is
 *    shuffled with the seed at the top of the spec (0 by default).
 */
export function designAxis({ form, value, path, source }: Written, scope: Scope): Axis {
  const axes = isMapping(value) ? own(value, 'axes') : undefined
  if (!isMapping(value) || !isMapping(axes) || Object.keys(axes).length === 0)
    throw axisMistake(
      isMapping(value) && axes !== undefined ? [...path, 'axes'] : path,
      axes ?? value,
      isMapping(axes) ? 'it has no axes' : `a ${form} design is {count, axes}`,
      `write ${form}: { count: 64, axes: { update.eta: { from: 0.01, to: 1, scale: log } } }`,
    )
  const frame = frameAt(scope.root, path)
  const names = Object.keys(axes).sort()
  const { count, ends } = collectParts({
    keys: () => refuseOtherKeys(path, value, ['count', 'axes']),
    count: () => countOf(frame),
    ends: () => collectEach(names, (name) => endsOf(frame.inner('axes'), name)),
    dimensions: () => checkDimensions(form, path, names),
  })
  checkSize(count, names, path)
  const coordinates = coordinatesOf(form, scope, count, names)
  const axis = axisOf(
    names.map((name, i) => {
      const { from, to, scale } = ends[i]!
      const coordinate = coordinates(i)
      const at = (index: number) => {
        const share = coordinate(index)
        return share === 0 ? from : valueBetween(from, to, share, scale)
      }
      return rangeColumn(name, count, at, { source, path: [...path, 'axes', name] })
    }),
  )
  return { ...axis, design: form }
}

function coordinatesOf(form: DesignForm, scope: Scope, count: number, names: readonly string[]) {
  if (form === 'sobol') return sobolCoordinate
  // An invalid seed counts as 0 here and is reported later, when the cells are checked.
  const seed = validOrNull(() => resolveSeed(scope.root.get('seed'), ['seed'])) ?? '0'
  return (i: number) => latinCoordinate(count, seed, names[i]!)
}

function countOf(frame: Frame): number {
  if (frame.get('count') === undefined) throw missing(frame.at('count'), 'the number of points, such as count: 64')
  return frame.number('count', ranges.count)
}

function endsOf(axes: Frame, name: string) {
  const value = axes.get(name)
  const path = axes.at(name)
  if (!isMapping(value)) throw new Mistake('AXIS', path, { value, ...notAnAxis(value) })
  refuseNested(name, value, path)
  const ends = resolveEnds(axes.inner(name), ['from', 'to', 'scale'])
  if (ends.from === ends.to)
    throw axisMistake(
      path,
      ends.from,
      '`from` and `to` are equal',
      'if the value does not vary, write it in the spec, outside the design',
    )
  if (!Number.isFinite(ends.to - ends.from))
    throw axisMistake(path, value, 'its ends are too far apart', 'move them closer together')
  return ends
}

/** Explains what is wrong with an axis that is not a mapping, such as `[low, high]`, which other programs use. */
function notAnAxis(value: unknown): { readonly reason: string; readonly hint: string } {
  const [from, to] = Array.isArray(value) && value.length === 2 ? value : []
  const hint = [from, to].every((end) => typeof end === 'number') ? flowStyle({ from, to }) : null
  return {
    reason: 'an axis of a design must be a range of numbers',
    hint:
      `write ${hint ?? '{ from: 0.01, to: 1, scale: log }'}, or, for a list of values, move this path out of the ` +
      'design into `sweep`',
  }
}

function checkDimensions(form: DesignForm, path: Path, names: readonly string[]): void {
  if (form !== 'sobol' || names.length <= sobolDimensions) return
  throw axisMistake(
    [...path, 'axes'],
    `${names.length} axes`,
    `a sobol design has at most ${sobolDimensions} axes`,
    'use latin, which takes any number of axes',
  )
}

/**
 * Does not report a `count` above `limits.cells`. A later check, which multiplies the lengths of all axes, reports it.
 */
function checkSize(count: number, names: readonly string[], path: Path): void {
  if (count > limits.cells || count * names.length <= limits.designValues) return
  throw overLimit(
    'TOO_MANY_CELLS',
    [...path, 'count'],
    `${count} points with ${names.length} values each`,
    `${limits.designValues} values per design`,
    'use fewer points',
  )
}
