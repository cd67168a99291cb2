import { count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import { booleanQuery, cellList, decimalNumber, textQuery, wholeNumber } from '../addressShapes.ts'
import { define } from '../document/define.ts'
import { idShape, stateShape } from '../document/fields.ts'
import { doubtShape, doubtSign } from '../document/findings.ts'
import { FigureError } from '../error.ts'

/** The kinds of figures, in the order in which help pages list them. */
export const figureKinds = [
  'line',
  'map',
  'boundary',
  'curve',
  'ends',
  'fit',
  'residuals',
  'convergence',
  'observed',
  'trajectory',
  'contrast',
  'landscape',
] as const
export type FigureKind = (typeof figureKinds)[number]

/** The kinds of figures of a sweep. */
export const sweepKinds = figureKinds.filter((kind) => kind !== 'landscape')
export type SweepKind = (typeof sweepKinds)[number]

const number = z.number()
const numberOrNull = number.nullable()

/** A place on an axis: a number, or the name of a category. */
const placeShape = z.union([number, z.string()])

const axisShape = z.strictObject({
  label: z.string().describe('The quantity on the axis, with its unit in parentheses if it has one.'),
  scale: z.enum(['linear', 'log', 'categorical']),
  domain: z.tuple([number, number]).nullable().describe('null for categories.'),
  categories: z
    .array(z.string())
    .nullable()
    .describe('Categories in the order in which they are drawn; null for numbers.'),
  ticks: z.array(number).nullable().describe('The values on the axis, if they are few and short; else null.'),
  path: z.string().nullable().describe('The swept path shown on the axis; null if the axis shows no swept path.'),
})
export type Axis = Plain<z.infer<typeof axisShape>>

const doubt = doubtShape.describe(
  'The worst verdict among the checks of the cell; null if no check is doubtful or wrong.',
)

const limitShape = z
  .enum(['upper', 'lower'])
  .nullable()
  .describe(
    'upper: no trial had the event, so only an upper limit is known. lower: every trial had the event, so only a ' +
      'lower limit is known.',
  )

const pointShape = z.strictObject({
  cell: count.nullable(),
  x: placeShape,
  y: number,
  low: numberOrNull,
  high: numberOrNull,
  limit: limitShape,
  doubt,
  text: z.string().describe('Text shown when the pointer is on the point.'),
})
export type Point = Plain<z.infer<typeof pointShape>>

const tileShape = pointShape.extend({
  cell: count,
  y: placeShape,
  value: numberOrNull.describe('The number shown by the colour; null if the cell has no such number.'),
  state: z
    .enum(['done', 'below target', 'no trials', 'failed', 'may be equal'])
    .describe(
      'below target: stopping rule not met, or trials pending. may be equal: the interval of a difference contains 0.',
    ),
})
export type Tile = Plain<z.infer<typeof tileShape>>

const series = z.string().nullable().describe('The series of the layer, which determines its colour.')

const layerShape = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('points'),
    series,
    joined: z.boolean().describe('Whether a line joins the points.'),
    points: z.array(pointShape),
  }),
  z.strictObject({
    type: z.literal('line'),
    series,
    role: z.enum(['estimate', 'exact', 'fit', 'path', 'landscape', 'reference']),
    steps: z.boolean().describe('Whether the line is a step function, constant between its points.'),
    points: z.array(z.strictObject({ x: placeShape, y: number })),
    text: z.string(),
  }),
  z.strictObject({
    type: z.literal('band'),
    series,
    role: z.enum(['interval', 'simultaneous', 'bracket', 'fit']),
    steps: z.boolean(),
    points: z.array(z.strictObject({ x: placeShape, low: number, high: number })),
    text: z.string(),
  }),
  z.strictObject({ type: z.literal('tiles'), tiles: z.array(tileShape) }),
  /** A map of cells that form no grid, such as the points of a `sobol` or `latin` design: one point per cell. */
  z.strictObject({ type: z.literal('scatter'), points: z.array(tileShape) }),
  /** One bar per cell, divided into shares that add up to one. */
  z.strictObject({
    type: z.literal('bars'),
    parts: z.array(z.string()),
    bars: z.array(
      z.strictObject({
        cell: count,
        x: placeShape,
        doubt,
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
    values: z.array(numberOrNull).describe('Values row by row from the lower left corner; null if not finite.'),
  }),
  z.strictObject({
    type: z.literal('escapes'),
    columns: count,
    rows: count.describe('1 if the landscape has one coordinate.'),
    values: z.array(z.union([z.literal(0), z.literal(1)])).describe('1 where a trial counts as escaped.'),
  }),
  /** Where every trial starts. */
  z.strictObject({ type: z.literal('start'), x: number, y: number }),
  /** Where the numbers of a map cross a level, interpolated between neighbouring cells. */
  z.strictObject({
    type: z.literal('contour'),
    level: number,
    pieces: z
      .array(z.strictObject({ x1: number, y1: number, x2: number, y2: number, sure: z.boolean() }))
      .describe('sure: the intervals of all cells around the piece exclude the level.'),
  }),
  z.strictObject({
    type: z.literal('marks'),
    marks: z.array(z.strictObject({ x: placeShape, y: number, name: z.string() })),
  }),
])
export type Layer = Plain<z.infer<typeof layerShape>>
export type LayerOf<T extends Layer['type']> = Extract<Layer, { readonly type: T }>
export type Bar = LayerOf<'bars'>['bars'][number]

/**
 * A figure as data, in the units of its axes. Drawing it (as SVG, in a terminal, in the page) adds sizes and colours,
 * but no numbers.
 */
export const figureShape = z.strictObject({
  figure: z.enum(figureKinds),
  title: z.string(),
  /** null for a landscape, a fit, and the residuals of a fit. */
  sweep: z.strictObject({ id: idShape, name: z.string(), state: stateShape }).nullable(),
  of: z.string().nullable().describe('The name of the estimate; null if the figure shows no estimate.'),
  x: axisShape,
  y: axisShape,
  color: axisShape.nullable().describe('The colour scale of a map; null if the figure has no colour scale.'),
  seriesTitle: z.string().nullable().describe('The name of the axis or property that distinguishes the series.'),
  series: z.array(z.string()).describe('Series in the order of their colours.'),
  layers: z.array(layerShape).describe('Layers from back to front. Empty if the figure has panels.'),
  panels: z
    .array(z.strictObject({ title: z.string(), layers: z.array(layerShape) }))
    .describe('One drawing for each value of a further axis, over the same axes.'),
  caption: z
    .array(z.string())
    .describe(
      'Sentences about the methods of the intervals, about what the figure leaves out and why, and about doubtful ' +
        'cells.',
    ),
})
export type Figure = Plain<z.infer<typeof figureShape>>

/** What `figure` draws. */
export const figure = define('Figure', figureShape)

export const isHatched = ({ state }: Tile): boolean => state === 'below target' || state === 'may be equal'

/** The layers of a figure, of all its panels. */
export const layersOf = ({ layers, panels }: Pick<Figure, 'layers' | 'panels'>): readonly Layer[] => [
  ...layers,
  ...panels.flatMap((panel) => panel.layers),
]

export const hatchedTiles = (figure: Pick<Figure, 'layers' | 'panels'>): readonly Tile[] =>
  layersOf(figure).flatMap((layer) => (layer.type === 'tiles' ? layer.tiles.filter(isHatched) : []))

/**
 * A map with more tiles or points than this is drawn as a bitmap without marks, since a file of so many shapes would
 * take megabytes.
 */
export const maxMarkedTiles = 2_000

/** The sign of a cell on a map, which may also be / for what is hatched. */
export const signOf = (tile: Tile): string => doubtSign(tile.doubt, isHatched(tile) ? '/' : '')

/** The height at which a point is drawn: that of its limit, if the trials determine only one limit. */
export const heightOf = ({ y, low, high, limit }: Point): number =>
  (limit === 'upper' ? high : limit === 'lower' ? low : null) ?? y

/** What the option `label` may be: titles of the axes, the colours of a map (z) and the series. */
export const labelForm = 'x=TEXT, y=TEXT, z=TEXT or by=TEXT, separated by semicolons'
export const labelPattern = /^(x|y|z|by)=[^;]+(; *(x|y|z|by)=[^;]+)*$/

/** The figure with the titles that the option `label` gives. */
export function labelled(figure: Figure, label: string | undefined): Figure {
  if (label !== undefined && !labelPattern.test(label))
    throw new FigureError('USAGE', `the label ${label} names no axis`, { hint: `a label must be ${labelForm}` })
  const given = new Map(label?.split(/; */).map((one) => /^(.*?)=(.*)$/.exec(one)!.slice(1) as [string, string]))
  const { x, y, color, seriesTitle } = figure
  return {
    ...figure,
    x: { ...x, label: given.get('x') ?? x.label },
    y: { ...y, label: given.get('y') ?? y.label },
    color: color && { ...color, label: given.get('z') ?? color.label },
    seriesTitle: given.get('by') ?? seriesTitle,
  }
}

/** The options of a figure as the text of an address, in the order in which they are checked. */
export const figureQuery = z.object({
  x: textQuery.optional(),
  y: textQuery.optional(),
  of: textQuery.optional(),
  by: textQuery.optional(),
  /** The axis whose values have a panel each. */
  panel: textQuery.optional(),
  log: z
    .string()
    .regex(/^[xyz](,[xyz])*$/, 'must be a list of axes (x, y or z), such as x,y')
    .transform((text) => text.split(',') as ('x' | 'y' | 'z')[])
    .optional(),
  where: textQuery.optional(),
  show: z.enum(['value', 'width', 'trials']).optional(),
  /** For a map: the value at which a contour is drawn. */
  contour: decimalNumber.optional(),
  /** For a line: other sweeps that are drawn in the same figure, separated by commas. */
  over: textQuery.optional(),
  /** Whether exact values are computed and drawn. */
  oracle: booleanQuery.optional(),
  /** Whether bounds of Theorem 1 are computed and drawn. */
  theorem: booleanQuery.optional(),
  /** For a fit: the formula, e.g. `log(escapeRate) ~ 1/T`. */
  fit: textQuery.optional(),
  /** For a trajectory or a convergence figure: the index of the cell. */
  cell: wholeNumber.optional(),
  /** For a trajectory figure: the indices of the trials. */
  trials: cellList.optional(),
  /** For every kind: titles of axes instead of the usual ones, as `x=TEXT;y=TEXT`. */
  label: textQuery.regex(labelPattern, `must be ${labelForm}`).optional(),
})
export type FigureOptions = Plain<z.output<typeof figureQuery>>

/** A figure of a sweep, as users request it. An option that does not apply to the kind is refused. */
export interface SweepFigure extends FigureOptions {
  /** Default: the kind that the axes of the sweep suggest. */
  readonly kind?: SweepKind | undefined
  readonly onCells?: ((done: number, total: number) => void) | undefined
}
