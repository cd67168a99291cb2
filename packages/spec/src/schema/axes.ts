import * as z from 'zod'
import { keys, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

/** The two ends of an axis, both among its values. */
const ends = {
  from: quantity(ranges.any, 'The first value.'),
  to: quantity(ranges.any, 'The last value.'),
}

export const rangeAxisSchema = keys({
  ...ends,
  count: quantity(ranges.count, 'How many values, both ends included.'),
  scale: words('linear', 'log')
    .meta({ description: 'Default linear. Values are rounded to 12 significant digits.' })
    .optional(),
})

const designAxis = keys({
  ...ends,
  scale: words('linear', 'log').meta({ description: 'Default linear.' }).optional(),
})
const design = keys({
  count: quantity(ranges.count, 'How many points.'),
  axes: z
    .record(z.string(), designAxis, { error: 'a mapping of paths to {from, to, scale}' })
    .meta({ minProperties: 1, description: 'By dotted path.' }),
})

const axis = z.union([z.array(z.unknown()), rangeAxisSchema], { error: 'a list of values or {from, to, count, scale}' })
const group = z.record(z.string(), axis, { error: 'a mapping of paths to lists' })

/** Axes that are not a plain product. They are written at the top of a spec or inside `sweep`. */
export const axesShape = {
  zip: z
    .union([z.array(group), group], { error: 'a list of {path: [..], path: [..]}' })
    .meta({ description: 'Axes of equal length that go along together.' })
    .optional(),
  points: z
    .union(
      [
        z.array(z.record(z.string(), z.unknown())),
        keys({
          csv: text('a file name').meta({ description: 'A table in UTF-8: a line of paths, then one line a cell.' }),
        }),
      ],
      {
        error: 'a list of {path: value, ..} or {csv: FILE}',
      },
    )
    .meta({ description: 'A table of cells.' })
    .optional(),
  where: text('a condition over the last names of swept paths')
    .meta({ description: 'Keeps the cells for which it holds.' })
    .optional(),
  sobol: design
    .meta({
      description:
        "Points of Sobol's sequence in a box, from its first on: a corner. A power of two of them lies most evenly.",
    })
    .optional(),
  latin: design
    .meta({ description: 'A Latin hypercube by the seed: each axis has one point in each of `count` equal parts.' })
    .optional(),
  threshold: keys({
    estimate: text('the name of a probability such as escape').meta({ description: 'The probability, by its name.' }),
    equals: quantity(ranges.threshold, 'The value that is crossed.'),
    over: z
      .record(z.string(), keys(ends), {
        error: 'one path with its two ends, such as { update.drift.sigma: {from: 0.5, to: 2} }',
      })
      .meta({ description: 'One path: its grid has the two ends and halves of halves between them.' }),
    within: quantity(ranges.positive, 'The grid is at most so wide, in the units of the path.'),
  })
    .meta({
      description:
        'Finds where a probability crosses a value, in each cell of the other axes. Trials go where they decide it; ' +
        '`trials` is the most that a point of the grid may take.',
    })
    .optional(),
}

/** Keys of a sweep that are designs: points that fill a box of several axes evenly. */
export const designForms = ['sobol', 'latin'] as const
export type DesignForm = (typeof designForms)[number]

/** Keys of `sweep` that are not paths. */
export const axisForms: readonly string[] = Object.keys(axesShape)

export const sweepSchema = z
  .object(axesShape, { error: 'a mapping of dotted paths to lists of values' })
  .catchall(axis)
  .meta({
    description: 'Axes by dotted path, all combined. Cells are numbered by the paths in order, the last fastest.',
  })
