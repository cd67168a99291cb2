import * as z from 'zod'
import { isMapping } from '../document/value.ts'
import { identifier, keys, label, named, oneKey, optional, quantity, section, text, words } from '../field/field.ts'
import type { Frame } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { number, shapeOf, word } from '../field/section.ts'
import { seedSchema } from '../field/seed.ts'
import { missingWays } from '../files/column.ts'
import { dataPresets } from '../presets/dataSets.ts'
import { type Scaling, scalings } from './encode.ts'
import { splitShape } from './split.ts'

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
const columns = z.union([z.string(), z.array(column)], {
  error: 'a list of column names or patterns, one pattern such as "p*", or a list of rows [..]',
})

const arrays = z.union([z.string(), z.record(identifier, z.string())], {
  error: 'a file name, or a mapping of names to files',
})

/** Whatever the key, the bytes of the file say what it contains. */
const fileFields = {
  csv: text('a file name').describe(
    'Path of a CSV file with a header, relative to the folder of the spec. It may be packed (.gz).',
  ),
  parquet: text('a file name').describe('Path of a Parquet file.'),
  npy: arrays.describe(
    'Path of a .npy file of NumPy, with the columns p0, p1, ..; or {x: FILE, y: FILE} for the columns x0, .., y.',
  ),
  npz: text('a file name').describe(
    'Path of a .npz file of NumPy. An array x of shape (n, k) has the columns x0, x1, ..',
  ),
  idx: arrays.describe(
    'Path of an IDX file, the format of MNIST, which may be packed (.gz); or {p: IMAGES, digit: LABELS}.',
  ),
}

const fileKeys = Object.keys(fileFields)

/** The key that names a file, if there is one. */
export const fileKeyOf = (frame: Frame): string | null => fileKeys.find((key) => frame.peek(key) !== undefined) ?? null

export const dataFields = {
  preset: text('the name of a data set').meta({
    enum: dataPresets.map(({ name }) => name),
    description: 'A built-in data set.',
  }),
  samples: number(ranges.samples, 'Number of samples of circles, moons or spirals.', 100),
  noise: number(
    ranges.nonNegative,
    'Standard deviation of the noise added to each input of circles, moons or spirals.',
    0,
  ),
  seed: seedSchema.describe('Seed of the noise that `noise` adds to the inputs. Default 0.'),
  ...fileFields,
  inputs: columns.describe(
    'Columns of the file: a list of names and patterns, or one pattern. `p*` stands for all columns that begin ' +
      'with p, `p0..p63` for 64 columns. Or the samples themselves, one row each. A column of words is one-hot ' +
      'encoded: one input for each distinct word.',
  ),
  targets: columns.describe(
    'The targets, in the same form as the inputs. With `output: softmax`, a single target of integers or words has ' +
      'class labels: one output for each class, in ascending order. For a formula, the columns that receive label ' +
      'noise.',
  ),
  test: z
    .union([z.string(), section([], { ...splitShape, ...fileFields }), z.record(identifier, z.string())], {
      error: 'a file, or {fraction: 0.2, seed: 1, stratify: true}',
    })
    .describe(
      'Samples that training does not use, for `testloss` and `testaccuracy`: a file with the same columns, or a ' +
        'share of the samples. They are scaled with the numbers of the training set.',
    ),
  columns: z
    .union([z.array(z.string()), z.record(identifier, numbers('a list of numbers'))], {
      error: 'a list of column names, or {name: [..]}',
    })
    .describe(
      'Columns that the expression may use: column names of the file, or a mapping of names to lists of numbers.',
    ),
  categorical: z
    .array(z.string({ error: 'the name of a column' }), { error: 'a list of column names' })
    .describe('Columns of the file (inputs or targets) whose numbers are class labels or codes, not quantities.'),
  missing: word(
    missingWays,
    'Missing values of a file (in CSV, an empty field, NA, N/A, NaN, null or ?). drop: skip the line. ' +
      'mean: replace a missing numeric input by the mean of its column. refuse: report an error.',
  ),
  scale: {
    schema: z
      .union([words(...scalings), keys({ divide: quantity(ranges.positive, 'What each input is divided by.') })], {
        error: `one of ${scalings.join(', ')}, or {divide: number}`,
      })
      .describe(
        'Scaling of the numeric inputs of a network. standard: mean 0, variance 1. range: from 0 to 1. ' +
          '{divide: 255}: each input divided by this number. Default none.',
      ),
    read: (frame: Frame, key: string): Scaling => {
      const written = frame.get(key)
      if (!isMapping(written)) return (written as Scaling | undefined) ?? 'none'
      const divide = frame.inner(key).number('divide', ranges.positive)
      return divide === 1 ? 'none' : { divide }
    },
  },
}

const data = section([], shapeOf(dataFields)).describe(
  'For a network: {preset}, {csv, inputs, targets} or {inputs, targets}. For a formula: {csv}, {csv, columns} or ' +
    '{columns}. Other files than CSV: parquet, npy, npz, idx.',
)

const batch = z
  .union([quantity(ranges.batch), z.literal('full')], { error: 'an integer of at least 1, or full' })
  .describe('Mini-batch size: samples drawn for each step. full: all samples. Default full.')

export const sampling = word(
  ['replacement', 'shuffle'],
  'How a mini-batch is drawn. replacement: independent draws. shuffle: random permutations of all samples, cut ' +
    'into batches.',
)

const share = quantity(ranges.belowOne)

export const dropout = z
  .union([share, z.array(share)], { error: 'a number >= 0 and < 1, or a list with one per hidden layer' })
  .describe(
    'Probability that a step leaves out a hidden unit: one number, or a list with one number for each hidden layer. ' +
      'Default 0.',
  )

const labelNoise = oneKey({
  flip: quantity(
    ranges.probability,
    'Probability that a sample gets the label of another class, drawn anew at each use. For one-hot targets.',
  ),
  sigma: quantity(
    ranges.nonNegative,
    'Standard deviation of the Gaussian noise added to each target, drawn anew at each use.',
  ),
}).describe('Noise on the targets of the samples that a step uses: {flip: p} or {sigma: s}. Default none.')

/** Keys that may be written inside the landscape or inside its formula or network. */
export const dataParts = optional({
  data,
  batch,
  sampling: sampling.schema,
  labelNoise,
})
export const pointParts = optional({ minima, points })
