import * as z from 'zod'
import { presets } from '../presets/index.ts'
import { identifier, keys, label, named, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

export const pointSchema = z.array(quantity(ranges.any), { error: 'a point [..], one number a coordinate' })

const parameters = named(identifier, quantity(ranges.any), 'a mapping of names to numbers').meta({
  description: 'Numbers of the formula by name; swept as landscape.parameters.NAME.',
})

const minima = named(label, pointSchema, 'a mapping of names to points').meta({
  description: 'Named minima; their order is part of the identity of a cell.',
})

const formula = keys({
  variables: z
    .array(identifier, { error: 'a list of names' })
    .meta({ description: 'Names of the coordinates in order.' })
    .optional(),
  dimension: quantity(
    ranges.dimension,
    'Instead of variables: coordinates are x[1] to x[dimension], the dimension is d.',
  ).optional(),
  expression: text('an expression').meta({ description: 'The loss L.' }),
  parameters: parameters.optional(),
  minima: minima.optional(),
}).meta({ description: 'A loss of your own.' })

const batch = z.union([quantity(ranges.hold), z.literal('full')], { error: 'an integer, or full' })

const data = z.looseObject({}, { error: 'a data set' })

const network = keys({
  layers: z.array(quantity(ranges.dimension), { error: 'a list of widths' }).optional(),
  activation: words('tanh', 'sigmoid', 'relu', 'leaky-relu', 'softplus', 'sin', 'identity').optional(),
  output: words('identity', 'sigmoid', 'softmax').optional(),
  loss: words('mse', 'cross-entropy').optional(),
  data: data.optional(),
  decay: quantity(ranges.nonNegative).optional(),
  decayBias: z.boolean().optional(),
  biases: z.boolean().optional(),
  batch: batch.optional(),
  sampling: words('replacement', 'shuffle').optional(),
  population: words('relu').optional(),
  neurons: quantity(ranges.dimension).optional(),
  teachers: quantity(ranges.dimension).optional(),
  dimension: quantity(ranges.dimension).optional(),
  minima: minima.optional(),
}).meta({ description: 'A feed-forward network. Not yet built.' })

export const landscapeSchema = keys({
  preset: text('the name of a preset')
    .meta({ enum: presets.map(({ name }) => name), description: 'See `driftfarm landscapes`.' })
    .optional(),
  formula: formula.optional(),
  network: network.optional(),
  dimension: quantity(ranges.dimension, 'Of a preset that has any dimension.').optional(),
  parameters: parameters.optional(),
  minima: minima.optional(),
  data: data.optional(),
  batch: batch.optional(),
}).meta({ description: 'The loss L(theta): exactly one of preset, formula, network.' })
