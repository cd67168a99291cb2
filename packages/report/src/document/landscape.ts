import { count } from '@driftfarm/statistics'
import * as z from 'zod'
import { markLetter } from '../format/label.ts'
import { renderColumns, renderFacts, uncoloured } from '../format/table.ts'
import { define } from './define.ts'

const landscapeShape = z.strictObject({
  name: z.string(),
  summary: z.string(),
  kind: z.literal('formula'),
  dimension: count,
  variables: z
    .array(z.string())
    .nullable()
    .describe('Names of the coordinates; null if they are x[1] .. x[dimension].'),
  expression: z.string(),
  parameters: z.array(z.tuple([z.string(), z.number()])),
  data: z.null(),
  batch: z.null(),
  gradient: z.record(z.string(), z.string()).describe('Partial derivatives by name.'),
  minima: z.record(z.string(), z.array(z.number())).describe('Coordinates of the minima, by name.'),
  losses: z.record(z.string(), z.number()).describe('Losses at the minima, by name.'),
  view: z
    .array(z.tuple([z.number(), z.number()]))
    .describe(
      'Suggested range of the first coordinate in a plot. A second entry is the range of the second coordinate.',
    ),
})

/** The command prints a picture below this table. */
export const landscape = define('Landscape', landscapeShape, {
  table: ({ name, summary, dimension, variables, expression, gradient, parameters, minima, losses }, options) =>
    renderFacts(options, [
      ['landscape', `${name}: ${summary}`],
      ['dimension', `${dimension}${variables === null ? ' (any: set `dimension:`)' : ''}`],
      ['L', expression],
      ...Object.entries(gradient),
      ...parameters.map(([parameter, value]) => [parameter, String(value)]),
      ...Object.entries(minima).map(([minimum, point], at) => [
        `minimum ${markLetter(at)}`,
        `${minimum} (${point.join(', ')}), L = ${losses[minimum]}`,
      ]),
    ]),
})

const landscapeListShape = z.strictObject({ landscapes: z.array(landscapeShape) })

export const landscapeList = define('LandscapeList', landscapeListShape, {
  table: ({ landscapes }, options) =>
    renderColumns(uncoloured(options), landscapes, [
      ['name', ({ name }) => name],
      ['dimension', ({ dimension }) => dimension],
      ['minima', ({ minima }) => Object.keys(minima).join(' ')],
      ['L', ({ expression }) => expression],
    ]),
})
