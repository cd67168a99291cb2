import * as z from 'zod'
import { identifier, keys, label, named, quantity, text } from '../field/field.ts'
import { ranges } from '../field/range.ts'
import { number, shapeOf, word } from '../field/section.ts'
import { seedSchema } from '../field/seed.ts'
import { missingWays } from '../files/column.ts'
import { dataPresets } from '../presets/dataSets.ts'
import { scalings } from './prepare.ts'

const numbers = (expected: string) => z.array(quantity(ranges.any), { error: expected })

export const pointSchema = numbers('a point [..], one number per coordinate')

export const parameters = named(identifier, quantity(ranges.any), 'a mapping of names to numbers').describe(
  'Named numbers that the formula uses. To sweep one, use the path landscape.parameters.NAME.',
)

const minima = named(label, pointSchema, 'a mapping of names to points').describe(
  'Named minima. Their order is part of the id of a cell, so another order makes new cells.',
)

const points = named(label, pointSchema, 'a mapping of names to points').describe(
  'Other named points, for starts, `within` and `outside`. They need not be minima.',
)

const column = z.union([z.string(), numbers('a row [..] of numbers')], { error: 'the name of a column, or a row [..]' })
const columns = z.array(column, { error: 'a list of column names, or of rows [..]' })

export const dataFields = {
  preset: text('the name of a data set')
    .meta({ enum: dataPresets.map(({ name }) => name), description: 'A built-in data set.' })
    .optional(),
  samples: number(ranges.samples, 'Number of samples of circles, moons or spirals.', 100),
  noise: number(
    ranges.nonNegative,
    'Standard deviation of the noise added to each input of circles, moons or spirals.',
    0,
  ),
  seed: seedSchema.describe('Seed of the noise that `noise` adds to the inputs. Default 0.').optional(),
  csv: text('a file name').describe('Path of a CSV file with a header, relative to the folder of the spec.').optional(),
  inputs: columns
    .describe(
      'Column names of the CSV file, or the samples themselves, one row each. A column of words is one-hot ' +
        'encoded: one input for each distinct word.',
    )
    .optional(),
  targets: columns.describe('The targets, in the same form as the inputs.').optional(),
  columns: z
    .union([z.array(z.string()), z.record(identifier, numbers('a list of numbers'))], {
      error: 'a list of column names, or {name: [..]}',
    })
    .describe(
      'Columns that the expression may use: column names of the CSV file, or a mapping of names to lists of numbers.',
    )
    .optional(),
  categorical: z
    .array(z.string({ error: 'the name of a column' }), { error: 'a list of column names' })
    .describe('CSV columns (inputs or targets) whose numbers are class labels or codes, not quantities.')
    .optional(),
  missing: word(
    missingWays,
    'Missing values of a CSV file (an empty field, NA, N/A, NaN, null or ?). drop: skip the line. ' +
      'mean: replace a missing numeric input by the mean of its column. refuse: report an error.',
  ),
  scale: word(
    scalings,
    'Scaling of the numeric inputs of a network. standard: mean 0, variance 1. range: from 0 to 1.',
  ),
}

const data = keys(shapeOf(dataFields)).describe(
  'For a network: {preset}, {csv, inputs, targets} or {inputs, targets}. For a formula: {csv}, {csv, columns} or ' +
    '{columns}.',
)

const batch = z
  .union([quantity(ranges.batch), z.literal('full')], { error: 'an integer of at least 1, or full' })
  .describe('Mini-batch size: samples drawn for each step. full: all samples. Default full.')

export const sampling = word(
  ['replacement', 'shuffle'],
  'How a mini-batch is drawn. replacement: independent draws. shuffle: random permutations of all samples, cut ' +
    'into batches.',
)

/** Keys that may be written inside the landscape or inside its formula or network. */
export const dataParts = { data: data.optional(), batch: batch.optional(), sampling: sampling.schema }
export const pointParts = { minima: minima.optional(), points: points.optional() }
