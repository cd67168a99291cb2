import * as z from 'zod'
import { identifier, keys, label, named, quantity, text, words } from '../field/field.ts'
import { ranges } from '../field/range.ts'
import { seedSchema } from '../field/seed.ts'
import { missingWays } from '../files/columnReader.ts'
import { dataPresets } from '../presets/dataSets.ts'
import { presets } from '../presets/presets.ts'
import { scalings } from './prepare.ts'

const numbers = (expected: string) => z.array(quantity(ranges.any), { error: expected })

export const pointSchema = numbers('a point [..], one number per coordinate')

const parameters = named(identifier, quantity(ranges.any), 'a mapping of names to numbers').meta({
  description: 'Named numbers that the formula uses. To sweep one, use the path landscape.parameters.NAME.',
})

const minima = named(label, pointSchema, 'a mapping of names to points').meta({
  description: 'Named minima. Their order is part of the id of a cell, so another order makes new cells.',
})

const points = named(label, pointSchema, 'a mapping of names to points').meta({
  description: 'Other named points, for starts, `within` and `outside`. They need not be minima.',
})

const dataDescription =
  'For a network: {preset}, {csv, inputs, targets} or {inputs, targets}. For a formula: {csv}, {csv, columns} or ' +
  '{columns}.'

const data = keys({
  preset: text('the name of a data set')
    .meta({ enum: dataPresets.map(({ name }) => name), description: 'A built-in data set.' })
    .optional(),
  samples: quantity(ranges.samples, 'Number of samples of circles, moons or spirals. Default 100.').optional(),
  noise: quantity(
    ranges.nonNegative,
    'Standard deviation of the noise added to each input of circles, moons or spirals. Default 0.',
  ).optional(),
  seed: seedSchema.meta({ description: 'Seed of the noise that `noise` adds to the inputs. Default 0.' }).optional(),
  csv: text('a file name')
    .meta({ description: 'Path of a CSV file with a header, relative to the folder of the spec.' })
    .optional(),
  inputs: z
    .array(z.union([z.string(), numbers('a row [..] of numbers')], { error: 'the name of a column, or a row [..]' }), {
      error: 'a list of column names, or of rows [..]',
    })
    .meta({
      description:
        'Column names of the CSV file, or the samples themselves, one row each. A column of words is one-hot ' +
        'encoded: one input for each distinct word.',
    })
    .optional(),
  targets: z
    .array(z.union([z.string(), numbers('a row [..] of numbers')], { error: 'the name of a column, or a row [..]' }), {
      error: 'a list of column names, or of rows [..]',
    })
    .meta({ description: 'The targets, in the same form as the inputs.' })
    .optional(),
  columns: z
    .union([z.array(z.string()), z.record(identifier, numbers('a list of numbers'))], {
      error: 'a list of column names, or {name: [..]}',
    })
    .meta({
      description:
        'Columns that the expression may use: column names of the CSV file, or a mapping of names to lists of numbers.',
    })
    .optional(),
  categorical: z
    .array(z.string({ error: 'the name of a column' }), { error: 'a list of column names' })
    .meta({ description: 'CSV columns (inputs or targets) whose numbers are class labels or codes, not quantities.' })
    .optional(),
  missing: words(...missingWays)
    .meta({
      description:
        'Missing values of a CSV file (an empty field, NA, N/A, NaN, null or ?). drop: skip the line. ' +
        'mean: replace a missing numeric input by the mean of its column. refuse: report an error. Default refuse.',
    })
    .optional(),
  scale: words(...scalings)
    .meta({
      description:
        'Scaling of the numeric inputs of a network. standard: mean 0, variance 1. range: from 0 to 1. Default none.',
    })
    .optional(),
}).meta({ description: dataDescription })

const batch = z
  .union([quantity(ranges.batch), z.literal('full')], { error: 'an integer of at least 1, or full' })
  .meta({ description: 'Mini-batch size: samples drawn for each step. full: all samples. Default full.' })

const sampling = words('replacement', 'shuffle').meta({
  description:
    'How a mini-batch is drawn. replacement: independent draws. shuffle: random permutations of all samples, cut ' +
    'into batches. Default replacement.',
})

const parts = {
  parameters: parameters.optional(),
  minima: minima.optional(),
  points: points.optional(),
  data: data.optional(),
  batch: batch.optional(),
  sampling: sampling.optional(),
}

const formula = keys({
  variables: z
    .array(identifier, { error: 'a list of names' })
    .meta({ description: 'Names of the coordinates, in order.' })
    .optional(),
  dimension: quantity(
    ranges.dimension,
    'Number of coordinates, if `variables` is not given. The coordinates are x[1] to x[dimension]; d is the dimension.',
  ).optional(),
  expression: text('an expression').meta({ description: 'The loss L. With data, the loss of one sample.' }),
  ...parts,
}).meta({ description: 'A loss given by an expression.' })

const flag = (description: string) => z.boolean({ error: 'true or false' }).meta({ description }).optional()

const network = keys({
  layers: z
    .array(quantity(ranges.width), { error: 'a list of widths' })
    .meta({ description: 'Layer widths, from the inputs to the outputs.' })
    .optional(),
  activation: words('tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity')
    .meta({ description: 'Activation of the hidden layers. Default tanh.' })
    .optional(),
  output: words('identity', 'sigmoid', 'softmax')
    .meta({ description: 'Activation of the output layer. Default identity.' })
    .optional(),
  loss: words('mse', 'cross-entropy')
    .meta({ description: 'Loss function. cross-entropy requires that `output` is sigmoid or softmax. Default mse.' })
    .optional(),
  biases: flag('Whether the layers have biases. Default true.'),
  decay: quantity(
    ranges.nonNegative,
    'Weight decay: `decay` times |theta|^2 is added to the loss. Default 0.',
  ).optional(),
  decayBias: flag('Whether `decay` applies to biases too. Default true.'),
  data: data.optional(),
  batch: batch.optional(),
  sampling: sampling.optional(),
  population: words('relu')
    .meta({
      description:
        'Instead of layers: a two-layer student that learns from a two-layer teacher with Gaussian inputs. The mean ' +
        'loss has a closed form.',
    })
    .optional(),
  neurons: quantity(ranges.dimension, 'Number of hidden units of the student, if `population` is set.').optional(),
  teachers: quantity(
    ranges.dimension,
    'Number of hidden units of the teacher, if `population` is set. Default: the value of `neurons`.',
  ).optional(),
  dimension: quantity(
    ranges.dimension,
    'Number of inputs, if `population` is set. Default: the value of `neurons`.',
  ).optional(),
  minima: minima.optional(),
  points: points.optional(),
}).meta({ description: 'A feed-forward network on data, or a population loss.' })

export const landscapeSchema = keys({
  preset: text('the name of a preset')
    .meta({
      enum: presets.map(({ name }) => name),
      description: 'Name of a built-in landscape. `driftfarm landscapes` lists them.',
    })
    .optional(),
  formula: formula.optional(),
  network: network.optional(),
  dimension: quantity(ranges.dimension, 'Dimension of a preset that is defined for any dimension.').optional(),
  ...parts,
}).meta({ description: 'The loss L(theta): exactly one of preset, formula, network.' })
