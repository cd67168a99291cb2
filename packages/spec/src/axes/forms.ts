import * as z from 'zod'
import { isMapping, type Mapping, own, type Path, valueAt } from '../document/value.ts'
import { keys, optional, quantity, section, text, words } from '../field/field.ts'
import { ranges } from '../field/range.ts'
import { stopRules } from '../stopping.ts'

const { equals } = stopRules.threshold.numbers

/**
 * A range includes `from` and `to`. The points of a Latin hypercube or a Sobol sequence are between them, but need not
 * include them.
 */
const ends = {
  from: quantity(ranges.any, 'The first value.'),
  to: quantity(ranges.any, 'The last value.'),
}

const rangeAxisSchema = section(['from', 'to', 'count'], {
  ...ends,
  count: quantity(ranges.count, 'Number of values, both ends included.'),
  scale: words('linear', 'log').describe(
    'Spacing of the values, which are rounded to 12 significant digits. Default linear.',
  ),
})

const designAxis = section(['from', 'to'], {
  ...ends,
  scale: words('linear', 'log').describe('Spacing of the values. Default linear.'),
})
const design = keys({
  count: quantity(ranges.count, 'Number of points.'),
  axes: z
    .record(z.string(), designAxis, { error: 'a mapping of paths to {from, to, scale}' })
    .meta({ minProperties: 1, description: 'The axes, each under its dotted path.' }),
})

const axis = z.union([z.array(z.unknown()), rangeAxisSchema], { error: 'a list of values or {from, to, count, scale}' })
const group = z.record(z.string(), axis, { error: 'a mapping of paths to lists' })

/** Forms of a sweep other than a plain product of axes, written at the top of a spec or inside `sweep`. */
export const axesShape = optional({
  zip: z
    .union([z.array(group), group], { error: 'a list of {path: [..], path: [..]}' })
    .describe('Axes of equal length that advance together.'),
  points: z
    .union(
      [
        z.array(z.record(z.string(), z.unknown())),
        keys({
          csv: text('a file name').describe(
            'A UTF-8 table: a header with the swept paths, then one line for each cell.',
          ),
        }),
      ],
      {
        error: 'a list of {path: value, ..} or {csv: FILE}',
      },
    )
    .describe('The cells as a table: a list of mappings, or a CSV file.'),
  where: text('a condition on the swept values, such as "eta < 0.5"').describe(
    'Keeps only the cells for which this condition holds. In the condition, write the last part of each swept ' +
      'path, such as eta for update.eta.',
  ),
  sobol: design.describe(
    'The first `count` points of the Sobol sequence in a box. The first point is a corner of the box. The points ' +
      'cover the box most evenly if `count` is a power of two.',
  ),
  latin: design.describe(
    'A Latin hypercube, drawn with the seed of the spec. Each axis is divided into `count` equal parts, and each ' +
      'part contains one point.',
  ),
  threshold: keys({
    estimate: text('the name of a probability, such as escape').describe('The name of the probability.'),
    equals: quantity(equals.range, equals.description),
    over: z
      .record(z.string(), keys(ends), {
        error: 'one path with its two ends, such as { update.drift.sigma: {from: 0.5, to: 2} }',
      })
      .describe(
        'The path to search, with the two ends of the interval. The interval is halved repeatedly to make the grid.',
      ),
    within: quantity(ranges.positive, 'Largest spacing of the grid, in the units of the searched value.'),
  }).describe(
    'Searches one path for the point where a probability crosses a value. The search is repeated for each cell ' +
      'that the rest of the sweep defines. Trials are spent at the grid points that decide where the crossing is. ' +
      '`trials` is the largest number of trials for one grid point.',
  ),
})

export const designForms = ['sobol', 'latin'] as const
export type DesignForm = (typeof designForms)[number]

/** Keys of `sweep` that are not paths. */
export const axisForms: readonly string[] = Object.keys(axesShape)

export const sweepSchema = z
  .object(axesShape, { error: 'a mapping of dotted paths to lists of values' })
  .catchall(axis)
  .describe(
    'Axes, each under its dotted path, combined as a Cartesian product. Cells are numbered in path order; the last ' +
      'path varies fastest.',
  )

/** Where a form is written: at the top of the document, inside `sweep`, or by mistake at both places. */
export function placesOf(document: Mapping, form: string): Path[] {
  return [[form], ['sweep', form]].filter((path) => valueAt(document, path) !== undefined)
}

/** The paths that a document sweeps, as typed, without the paths in headers of CSV files. */
export function sweptNames(document: Mapping): Set<string> {
  const names = new Set<string>()
  const add = (value: unknown) => {
    if (isMapping(value)) for (const name of Object.keys(value)) names.add(name)
  }
  const written = (form: string) => placesOf(document, form).map((path) => valueAt(document, path))
  add(own(document, 'sweep'))
  for (const form of axisForms) names.delete(form)
  for (const value of written('zip')) for (const group of Array.isArray(value) ? value : [value]) add(group)
  for (const value of written('points')) if (Array.isArray(value)) add(value[0])
  for (const form of designForms) for (const value of written(form)) add(valueAt(value, ['axes']))
  for (const value of written('threshold')) add(valueAt(value, ['over']))
  return names
}
