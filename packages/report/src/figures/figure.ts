import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { idShape } from '../document/origin.ts'
import { stateShape } from '../document/sweep.ts'

/** What a figure shows. The default is what the axes of the sweep suggest. */
export const figureKinds = [
  'line',
  'map',
  'boundary',
  'curve',
  'ends',
  'fit',
  'residuals',
  'convergence',
  'trajectory',
  'contrast',
  'landscape',
] as const
export type FigureKind = (typeof figureKinds)[number]

const number = z.number()
const numberOrNull = number.nullable()

/** A place on an axis: a number, or the name of a category. */
const placeShape = z.union([number, z.string()])
export type Place = z.infer<typeof placeShape>

const axisShape = z.strictObject({
  label: z.string().describe('What is measured, with its unit in brackets where it has one.'),
  scale: z.enum(['linear', 'log', 'categorical']),
  domain: z.tuple([number, number]).nullable().describe('Null for categories.'),
  categories: z.array(z.string()).nullable().describe('In the order in which they are drawn; null for numbers.'),
  ticks: z.array(number).nullable().describe('The values that are there, where they are few; else null.'),
  path: z.string().nullable().describe('The swept path that it is the value of; null where it is none.'),
})
export type Axis = Plain<z.infer<typeof axisShape>>

const doubtShape = z.enum(['doubtful', 'wrong']).nullable().describe('The worst check of the cell; null for none.')
export type Doubt = z.infer<typeof doubtShape>

const limitShape = z
  .enum(['upper', 'lower'])
  .nullable()
  .describe('upper: no event, only an upper limit is known; lower: every trial had the event.')

const pointShape = z.strictObject({
  cell: count.nullable(),
  x: placeShape,
  y: number,
  low: numberOrNull,
  high: numberOrNull,
  limit: limitShape,
  doubt: doubtShape,
  text: z.string().describe('What is said of it where it is pointed at.'),
})
export type Point = Plain<z.infer<typeof pointShape>>

/** A cell on a map. */
const tileShape = z.strictObject({
  cell: count,
  x: placeShape,
  y: placeShape,
  value: numberOrNull.describe('Null where the cell has no such number.'),
  low: numberOrNull,
  high: numberOrNull,
  state: z
    .enum(['done', 'below target', 'no trials', 'failed'])
    .describe('below target: it ended without its stop rule being met, or has trials still to come.'),
  limit: limitShape,
  doubt: doubtShape,
  text: z.string(),
})
export type Tile = Plain<z.infer<typeof tileShape>>

const series = z.string().nullable().describe('The series that it belongs to, by which it is coloured.')

const layerShape = z.discriminatedUnion('type', [
  /** Estimates with their intervals. */
  z.strictObject({
    type: z.literal('points'),
    series,
    joined: z.boolean().describe('Whether a line joins them.'),
    points: z.array(pointShape),
  }),
  /** A line: exact values, a fit, a curve, a path. */
  z.strictObject({
    type: z.literal('line'),
    series,
    role: z.enum(['estimate', 'exact', 'fit', 'path', 'landscape', 'reference']),
    steps: z.boolean().describe('Whether it is constant between its points.'),
    points: z.array(z.strictObject({ x: placeShape, y: number })),
    text: z.string(),
  }),
  /** A region between two lines. */
  z.strictObject({
    type: z.literal('band'),
    series,
    role: z.enum(['interval', 'simultaneous', 'bracket', 'fit']),
    steps: z.boolean(),
    points: z.array(z.strictObject({ x: placeShape, low: number, high: number })),
    text: z.string(),
  }),
  /** A map: one tile a cell. */
  z.strictObject({ type: z.literal('tiles'), tiles: z.array(tileShape) }),
  /** A map of cells that are no grid, as those of a design: one point a cell, in the colour of its value. */
  z.strictObject({ type: z.literal('scatter'), points: z.array(tileShape) }),
  /** Shares that add up, one bar a cell. */
  z.strictObject({
    type: z.literal('bars'),
    parts: z.array(z.string()),
    bars: z.array(
      z.strictObject({
        cell: count,
        x: placeShape,
        doubt: doubtShape,
        parts: z.array(
          z.strictObject({ part: z.string(), events: count, value: number, low: numberOrNull, high: numberOrNull }),
        ),
        text: z.string(),
      }),
    ),
  }),
  /** Heights on a grid, drawn as bands of equal area. */
  z.strictObject({
    type: z.literal('surface'),
    columns: count,
    rows: count,
    values: z.array(numberOrNull).describe('Row by row from the lower left corner; null where not finite.'),
  }),
  /** Named points. */
  z.strictObject({
    type: z.literal('marks'),
    marks: z.array(z.strictObject({ x: placeShape, y: number, name: z.string() })),
  }),
])
export type Layer = Plain<z.infer<typeof layerShape>>
export type LayerOf<T extends Layer['type']> = Extract<Layer, { readonly type: T }>
export type Bar = LayerOf<'bars'>['bars'][number]

/**
 * A figure as data: what is drawn, in the units of its axes. Whoever draws it (as SVG, in a terminal, in the page) adds
 * sizes and colours, and no number.
 */
export const figureShape = z.strictObject({
  figure: z.enum(figureKinds),
  title: z.string(),
  /** The sweep that it shows; null for a landscape. */
  sweep: z.strictObject({ id: idShape, name: z.string(), state: stateShape }).nullable(),
  of: z.string().nullable().describe('The name of the estimate; null where it shows none.'),
  x: axisShape,
  y: axisShape,
  color: axisShape.nullable().describe('The axis of the colours of tiles and surfaces; null without any.'),
  seriesTitle: z.string().nullable().describe('What tells the series apart.'),
  series: z.array(z.string()).describe('In the order of their colours.'),
  layers: z.array(layerShape).describe('From back to front.'),
  caption: z
    .array(z.string())
    .describe('Sentences: how the intervals were made, what is left out and why, what makes numbers doubtful.'),
})
export type Figure = Plain<z.infer<typeof figureShape>>

/** Number of tiles of a map that are hatched: their cells ended, or stand, below their target. */
export const hatchedTiles = ({ layers }: Pick<Figure, 'layers'>): number =>
  layers.reduce(
    (sum, layer) =>
      layer.type === 'tiles' ? sum + layer.tiles.filter(({ state }) => state === 'below target').length : sum,
    0,
  )

/** Tiles or points above which a map is a picture of pixels, without marks: a file of shapes would have megabytes. */
export const mostMarkedTiles = 2_000

/** Options of all kinds; those that a kind has no use for are refused where they are typed. */
export interface FigureOptions {
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly by?: string | undefined
  readonly of?: string | undefined
  readonly log?: readonly ('x' | 'y' | 'z')[] | undefined
  readonly show?: 'value' | 'width' | 'trials' | undefined
}
