import * as z from 'zod'
import { dataPresets } from '../datasets/index.ts'
import { missingWays } from '../files/missing.ts'
import { presets } from '../presets/index.ts'
import { scalings } from '../resolve/scaling.ts'
import { identifier, keys, label, named, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'
import { seedSchema } from './seed.ts'

const numbers = (expected: string) => z.array(quantity(ranges.any), { error: expected })

export const pointSchema = numbers('a point [..], one number a coordinate')

const parameters = named(identifier, quantity(ranges.any), 'a mapping of names to numbers').meta({
  description: 'Numbers of the formula by name; swept as landscape.parameters.NAME.',
})

const minima = named(label, pointSchema, 'a mapping of names to points').meta({
  description: 'Named minima; their order is part of the identity of a cell.',
})

const points = named(label, pointSchema, 'a mapping of names to points').meta({
  description: 'Other named points, which need not be minima: for starts, `within` and `outside`.',
})

const dataDescription =
  'Of a network: {preset}, {csv, inputs, targets} or {inputs, targets}; of a formula: {csv}, {csv, columns} or ' +
  '{columns}.'

const data = keys({
  preset: text('the name of a data set')
    .meta({ enum: dataPresets.map(({ name }) => name), description: 'A data set that comes along.' })
    .optional(),
  samples: quantity(ranges.samples, 'Of circles, moons, spirals. Default 100.').optional(),
  noise: quantity(ranges.nonNegative, 'Standard deviation added to each input of the same. Default 0.').optional(),
  seed: seedSchema.meta({ description: 'Of the noise. Default 0.' }).optional(),
  csv: text('a file name').meta({ description: 'A CSV file with a header, relative to the spec.' }).optional(),
  inputs: z
    .array(z.union([z.string(), numbers('a row [..] of numbers')], { error: 'the name of a column, or a row [..]' }), {
      error: 'a list of names of columns, or of rows [..]',
    })
    .meta({
      description:
        'Names of columns of the CSV file, or the samples themselves, one row each. A column of words becomes one ' +
        'input a word, 1 where it stands.',
    })
    .optional(),
  targets: z
    .array(z.union([z.string(), numbers('a row [..] of numbers')], { error: 'the name of a column, or a row [..]' }), {
      error: 'a list of names of columns, or of rows [..]',
    })
    .meta({ description: 'As inputs.' })
    .optional(),
  columns: z
    .union([z.array(z.string()), z.record(identifier, numbers('a list of numbers'))], {
      error: 'a list of names of columns, or {name: [..]}',
    })
    .meta({ description: 'Columns that the expression names: those of the CSV file that count, or the numbers.' })
    .optional(),
  categorical: z
    .array(z.string({ error: 'the name of a column' }), { error: 'a list of names of columns' })
    .meta({ description: 'Inputs or targets of a CSV file whose numbers are words, such as codes.' })
    .optional(),
  missing: words(...missingWays)
    .meta({
      description:
        'Of a CSV file; a value is missing where it is empty, NA, N/A, NaN, null or ?. drop: leaves the line out; ' +
        'mean: fills numeric inputs with the mean of the column. Default refuse.',
    })
    .optional(),
  scale: words(...scalings)
    .meta({
      description:
        'Of the inputs of a network that are numbers. standard: mean 0, variance 1; range: from 0 to 1. Default none.',
    })
    .optional(),
}).meta({ description: dataDescription })

const batch = z
  .union([quantity(ranges.batch), z.literal('full')], { error: 'an integer from 1 on, or full' })
  .meta({ description: 'Samples drawn for each step. Default full.' })

const sampling = words('replacement', 'shuffle').meta({
  description: 'How a batch is drawn; shuffle: permutations of all samples, cut into batches. Default replacement.',
})

/** The parts of a formula that may also be written beside it. */
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
    .meta({ description: 'Names of the coordinates in order.' })
    .optional(),
  dimension: quantity(
    ranges.dimension,
    'Instead of variables: coordinates are x[1] to x[dimension], the dimension is d.',
  ).optional(),
  expression: text('an expression').meta({ description: 'The loss L; with data, that of one sample.' }),
  ...parts,
}).meta({ description: 'A loss of your own.' })

const flag = (description: string) => z.boolean({ error: 'true or false' }).meta({ description }).optional()

const network = keys({
  layers: z
    .array(quantity(ranges.width), { error: 'a list of widths' })
    .meta({ description: 'Widths from the inputs to the outputs.' })
    .optional(),
  activation: words('tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity')
    .meta({ description: 'Of the hidden layers. Default tanh.' })
    .optional(),
  output: words('identity', 'sigmoid', 'softmax').meta({ description: 'Default identity.' }).optional(),
  loss: words('mse', 'cross-entropy')
    .meta({ description: 'cross-entropy: with output sigmoid or softmax. Default mse.' })
    .optional(),
  biases: flag('Default true.'),
  decay: quantity(ranges.nonNegative, 'Adds decay |theta|^2. Default 0.').optional(),
  decayBias: flag('Whether biases decay too. Default true.'),
  data: data.optional(),
  batch: batch.optional(),
  sampling: sampling.optional(),
  population: words('relu')
    .meta({ description: 'Instead of layers: a two-layer student and teacher of Gaussian inputs, in closed form.' })
    .optional(),
  neurons: quantity(ranges.dimension, 'Of the student of a population.').optional(),
  teachers: quantity(ranges.dimension, 'Of a population. Default neurons.').optional(),
  dimension: quantity(ranges.dimension, 'Inputs of a population. Default neurons.').optional(),
  minima: minima.optional(),
  points: points.optional(),
}).meta({ description: 'A feed-forward network over data, or a population loss.' })

export const landscapeSchema = keys({
  preset: text('the name of a preset')
    .meta({ enum: presets.map(({ name }) => name), description: 'See `driftfarm landscapes`.' })
    .optional(),
  formula: formula.optional(),
  network: network.optional(),
  dimension: quantity(ranges.dimension, 'Of a preset that has any dimension.').optional(),
  ...parts,
}).meta({ description: 'The loss L(theta): exactly one of preset, formula, network.' })
