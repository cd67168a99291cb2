import * as Plot from '@observablehq/plot'
import { doubtSign } from '../document/findings.ts'
import { hasOneScale } from '../figure/axis.ts'
import { placesOn, type TileEdges, tileEdges } from '../figure/edges.ts'
import {
  type Axis,
  type Figure,
  isHatched,
  type Layer,
  type LayerOf,
  maxMarkedTiles,
  type Point,
  type Tile,
} from '../figure/figure.ts'
import { tickFormat } from '../format/digits.ts'
import { faint, ink, paper, rule, seriesColor } from '../scale/colors.ts'
import { minorTicks, ticksOf } from '../scale/ticks.ts'
import { inGreek } from './greek.ts'
import { bandColors, bandsOf, barWidth, colorBar, escapeMarks, nameStyle, startMarks, surfaceMarks } from './ground.ts'
import { equalLayers, hatchFill } from './legend.ts'
import { cutAll, widthOfText } from './measure.ts'
import { insetsOf, stepOf } from './sideBySide.ts'
import { fillBy, rasterOf, type Size, scatterMarks, signed, signStyle } from './tiles.ts'

const tickSize = 12

/** Arrow heads of more points would cover one another. */
const manyPoints = 40

/** The length of a dash, in pixels. */
const dash = 9

/** The area inside the axes, in pixels from the upper left corner of a drawing, and the ranges of its axes. */
export interface Frame extends Size {
  readonly left: number
  readonly top: number
  /** null for categories. */
  readonly x: Axis['domain']
  readonly y: Axis['domain']
}

export interface PlotHeights {
  /** Of the axes with their labels, in pixels. */
  readonly maxHeight: number | undefined
  /** The height of the axes with their labels; undefined if it follows from the width. */
  readonly exact: number | undefined
}

export function plotOf(figure: Figure, width: number, { maxHeight, exact }: PlotHeights, document: Document) {
  const flipped = figure.figure === 'contrast'
  const [across, up] = flipped ? [figure.y, figure.x] : [figure.x, figure.y]
  const marginLeft = Math.min(0.4 * width, marginOf(up))
  const names = namesOf(across)
  const crowded = names !== null && isCrowded(names, width - marginLeft)
  const marginBottom = crowded ? 34 + Math.min(90, widest(names) * 0.65) : 38
  const marginTop = 20
  const bands = bandsOf(figure)
  const free = width - marginLeft - (bands === null ? 14 : barWidth(bands))
  const most = Math.max(40, (exact ?? maxHeight ?? defaultHeight) - marginTop - marginBottom)
  const own = exact === undefined ? heightOf(figure, width, up, most) : most
  const inner = withOneScale(figure, { width: free, height: own }, most)
  const marginRight = width - marginLeft - inner.width
  const height = inner.height + marginTop + marginBottom
  const frame = { width, height, marginLeft, marginRight, marginTop, marginBottom }
  const { insetLeft, insetRight } = flipped ? { insetLeft: 0, insetRight: 0 } : insetsOf(figure, inner)
  const drawing = new Drawing(figure, inner, flipped)
  const element = Plot.plot({
    document,
    ...frame,
    style: { background: 'none' },
    x: {
      ...scaleOf(across, { length: inner.width, room: crowded ? 110 : inner.width, rotated: crowded }),
      ...{ insetLeft, insetRight },
    },
    y: { ...scaleOf(up, { length: inner.height, room: marginLeft - 12 }), labelAnchor: 'top' },
    ...(bands === null ? {} : bandColors(bands)),
    marks: [
      Plot.frame({ stroke: rule }),
      ...ticksAlong(across, Plot.axisX as AxisMark, inner.width / 80),
      ...ticksAlong(up, Plot.axisY as AxisMark, inner.height / 50),
      ...figure.layers.flatMap((layer) => drawing.draw(layer)),
    ],
  })
  for (const style of element.querySelectorAll('style')) style.remove()
  // The drawing is one image with a title and a description. Names of its parts are removed, since screen readers would
  // announce them.
  for (const part of element.querySelectorAll('[aria-label]')) {
    part.setAttribute('data-part', part.getAttribute('aria-label')!)
    part.removeAttribute('aria-label')
  }
  const attributes = ['text-anchor', 'font-variant'].flatMap((name) => {
    const value = element.getAttribute(name)
    return value === null ? [] : [`${name}="${value}"`]
  })
  const svg = `<g font-size="${tickSize}" ${attributes.join(' ')}>${withSteadyClips(element)}</g>`
  const bar = bands === null ? '' : colorBar(bands, marginLeft + inner.width, marginTop, inner.height)
  const ranges = { x: across.domain && spread(across), y: up.domain && spread(up) }
  const place = { left: marginLeft + insetLeft, top: marginTop }
  const area = { width: inner.width - insetLeft - insetRight, height: inner.height }
  return { svg: svg + bar, height, frame: { ...place, ...area, ...ranges } }
}

/**
 * Gives each clip path a name made of its rectangle. The library Plot numbers all clip paths of a process
 * consecutively, so the same figure would give a different text each time. Figures from two processes could also use
 * the same names on one page. A page with several figures gives each figure its own prefix.
 */
function withSteadyClips(element: Element): string {
  const names = new Map<string, string>()
  for (const clip of element.querySelectorAll('clipPath')) {
    const sides = ['x', 'y', 'width', 'height'].map((side) => clip.firstElementChild?.getAttribute(side))
    names.set(clip.id, `plot-clip-${sides.join('-')}`)
  }
  return element.innerHTML.replace(/plot-clip-\d+/g, (name) => names.get(name) ?? name)
}

const defaultHeight = 578

function heightOf({ figure, layers }: Figure, width: number, up: Axis, most: number): number {
  if (up.categories !== null)
    return Math.max(80, Math.min(900, up.categories.length * (figure === 'contrast' ? 24 : 30)))
  const square = figure === 'map' || layers.some(({ type }) => type === 'surface')
  return Math.round(Math.min(most, Math.max(180, width * (square ? 0.72 : 0.5))))
}

/** A map of a landscape has the same scale for both coordinates, unless their ranges differ much. */
function withOneScale({ layers, x, y }: Figure, size: Size, most: number): Size {
  const [across, up] = [x.domain, y.domain]
  if (!layers.some(({ type }) => type === 'surface') || across === null || up === null) return size
  if (!hasOneScale([across, up])) return size
  const ratio = (up[1] - up[0]) / (across[1] - across[0])
  const height = Math.min(most, size.width * ratio)
  return { width: Math.round(height / ratio), height: Math.round(height) }
}

function marginOf(axis: Axis): number {
  const ticks = ticksOf(axis, 6)
  return 16 + widest(namesOf(axis) ?? ticks.map(tickFormat(ticks)))
}

/** The names of categories; numbers have just enough digits to tell them apart. */
function namesOf({ categories }: Axis): readonly string[] | null {
  const numbers = categories?.map(Number) ?? []
  if (categories === null) return null
  return numbers.every(Number.isFinite) ? numbers.map(tickFormat(numbers)) : categories.map(inGreek)
}

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, widthOfText(text, tickSize)), 8)

const isCrowded = (categories: readonly string[], width: number): boolean =>
  widest(categories) + 8 > width / categories.length

const tickStyle = { labelArrow: 'none', tickSize: 4 } as const

type AxisMark = (ticks: readonly number[], options: object) => Plot.Markish

/**
 * The ticks of an axis of numbers are marks of their own, because the library leaves out labels of logarithmic scales
 * that it draws itself. Between labelled powers of ten, short ticks have no label.
 */
function ticksAlong(axis: Axis, draw: AxisMark, room: number): Plot.Markish[] {
  if (axis.domain === null) return []
  const ticks = ticksOf(axis, Math.max(2, Math.round(room)))
  const [textOf, labelAnchor] = [tickFormat(ticks), draw === (Plot.axisX as AxisMark) ? 'center' : 'top']
  return [
    draw(minorTicks(axis), { ...tickStyle, tickSize: 2, fill: 'none' }),
    draw(ticks, { ...tickStyle, text: (tick: number) => textOf(tick), labelAnchor }),
  ]
}

/** The axis is `length` pixels long. Names of categories are cut to `room` pixels. */
function scaleOf(
  axis: Axis,
  { length, room, rotated = false }: { length: number; room: number; rotated?: boolean },
): Plot.ScaleOptions {
  const label = axis.label === '' ? null : inGreek(axis.label)
  if (axis.categories === null) return { label, type: axis.scale, domain: spread(axis) } as Plot.ScaleOptions
  const every = Math.ceil((axis.categories.length * 15) / length)
  const names = cutAll(namesOf(axis)!, tickSize, room)
  return {
    ...tickStyle,
    label,
    type: 'band',
    domain: axis.categories,
    padding: 0.2,
    ticks: axis.categories.filter((_, at) => at % every === 0),
    tickFormat: (text: string) => names[axis.categories!.indexOf(text)]!,
    ...(rotated ? { tickRotate: -40 } : {}),
  } as Plot.ScaleOptions
}

/** A domain with only one value is widened, since the ends of a scale must differ. */
function spread({ domain, scale }: Axis): readonly [number, number] {
  const [low, high] = domain!
  if (high > low) return [low, high]
  return scale === 'log' ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2]
}

/** An arrow head whose flat side is at the limit. It points down from an upper limit, up from a lower limit. */
const head = (direction: 1 | -1) => ({
  draw(context: CanvasPath, size: number) {
    const r = Math.sqrt(size) / 1.6
    context.moveTo(-r, 0)
    context.lineTo(r, 0)
    context.lineTo(0, direction * 1.7 * r)
    context.closePath()
  },
})
const heads = { upper: head(1), lower: head(-1) }

const isWrong = ({ doubt }: Point): boolean => doubt === 'wrong'

class Drawing {
  /** Pixels between series at one place. */
  readonly #step: number

  constructor(
    private readonly figure: Figure,
    private readonly inner: Size,
    private readonly flipped: boolean,
  ) {
    this.#step = stepOf(figure, inner)
  }

  /**
   * The dashes of a line or band that has the same points as those of other series. The dashes of all of them follow
   * one another, so that each is visible. Null for other layers.
   */
  private dashes(layer: LayerOf<'line'> | LayerOf<'band'>) {
    const equal = equalLayers(this.figure, layer)
    if (equal.length < 2) return null
    const at = equal.indexOf(layer)
    const strokeDasharray = `${dash} ${dash * (equal.length - 1)}`
    return { isFirst: at === 0, style: { strokeDasharray, strokeDashoffset: -dash * at } }
  }

  /** Each type of layer has a method of its name. */
  draw(layer: Layer): Plot.Markish[] {
    const draw: (layer: never) => Plot.Markish[] = this[layer.type]
    return draw.call(this, layer as never)
  }

  marks({ marks }: LayerOf<'marks'>): Plot.Markish[] {
    return [
      Plot.dot(marks, { x: 'x', y: 'y', r: 4.5, fill: '#fff', stroke: '#000', strokeWidth: 1.5 }),
      Plot.text(marks, { x: 'x', y: 'y', text: 'name', dy: -16, ...nameStyle }),
    ]
  }

  contour({ pieces }: LayerOf<'contour'>): Plot.Markish[] {
    const ends = { x1: 'x1', y1: 'y1', x2: 'x2', y2: 'y2', strokeLinecap: 'round' } as const
    const line = { ...ends, stroke: '#fff', strokeWidth: 1.7 }
    return [
      Plot.link(pieces, { ...ends, stroke: '#000', strokeWidth: 3.5 }),
      Plot.link(pieces, { ...line, strokeDasharray: '3 4' }),
      Plot.link(pieces, { ...line, filter: 'sure' }),
    ]
  }

  scatter(layer: LayerOf<'scatter'>): Plot.Markish[] {
    return scatterMarks(layer, this.figure, this.inner)
  }

  private color(series: string | null): string {
    return seriesColor(this.figure, Math.max(0, series === null ? 0 : this.figure.series.indexOf(series)))
  }

  /**
   * Horizontal shift in pixels, so that series at the same place are side by side: always at categories, and at numbers
   * if intervals of several series would cover one another.
   */
  private shift(series: string | null): number {
    const { series: all } = this.figure
    if (series === null || all.length < 2) return 0
    return (this.#step * (2 * all.indexOf(series) - all.length + 1)) / 2
  }

  /** Keeps a value within one frame height of the frame, since some SVG viewers fail if shapes are far outside. */
  private near(value: number): number {
    const [low, high] = spread(this.figure.y)
    if (this.figure.y.scale === 'log') return Math.min(Math.max(value, low), (high * high) / low)
    return Math.min(Math.max(value, 2 * low - high), 2 * high - low)
  }

  points({ points, joined, series }: LayerOf<'points'>): Plot.Markish[] {
    const color = this.color(series)
    const isLog = this.figure.y.scale === 'log'
    const [floor, ceiling] = spread(this.figure.y)
    const shift = this.shift(series)
    const above = (y: number) => !isLog || y > 0
    // If the trials determine only one limit, the point is drawn at this limit. A log axis cannot show 0.
    const isUpper = (p: Point) => p.high !== null && p.high > 0 && (p.limit === 'upper' || !above(p.y))
    const isLower = (p: Point) => p.low !== null && above(p.low) && p.limit === 'lower'
    const drawn = points.filter((p) => above(p.y) && !isUpper(p) && !isLower(p))
    const ranged = drawn.filter(({ low, high }) => low !== null || high !== null)
    const limits = {
      low: (p: Point) => (p.low !== null && above(p.low) ? p.low : floor),
      high: (p: Point) => p.high ?? ceiling,
    }
    const placed = this.flipped
      ? { interval: { y: 'x', x1: limits.low, x2: limits.high }, at: { y: 'x', x: 'y' } }
      : { interval: { x: 'x', y1: limits.low, y2: limits.high, dx: shift }, at: { x: 'x', y: 'y', dx: shift } }
    const lineMark = this.flipped ? Plot.ruleY : Plot.ruleX
    const of = (doubt: Point['doubt']) => drawn.filter((point) => point.doubt === doubt)
    const title = 'text'
    const bounds = [
      { side: 'upper', y: 'high', end: floor, of: points.filter(isUpper) },
      { side: 'lower', y: 'low', end: ceiling, of: points.filter((p) => isLower(p) && !isUpper(p)) },
    ] as const
    // A line ends beside a limit, since it would suggest a value there.
    const y = (p: Point) => (drawn.includes(p) ? p.y : Number.NaN)
    const joins = { x: 'x', y, dx: shift, stroke: color, strokeWidth: 1.2, strokeOpacity: 0.6 }
    return [
      ...(joined && drawn.length > 1 ? [Plot.lineY(points, joins)] : []),
      lineMark(ranged, { ...placed.interval, stroke: color, strokeWidth: 1.5 } as Plot.RuleXOptions &
        Plot.RuleYOptions),
      Plot.dot(of(null), { ...placed.at, r: 3.2, fill: color, title }),
      Plot.dot(of('doubtful'), { ...placed.at, r: 3.4, fill: paper, stroke: color, strokeWidth: 1.6, title }),
      Plot.dot(of('wrong'), { ...placed.at, r: 4, symbol: 'times', stroke: color, strokeWidth: 2, title }),
      ...bounds.flatMap(({ side, y, end, of }) => [
        Plot.ruleX(of, { x: 'x', dx: shift, y1: () => end, y2: y, stroke: color, strokeDasharray: '2 3' }),
        Plot.dot(of, {
          ...{ x: 'x', y, dx: shift, r: points.length > manyPoints ? 2 : 4, symbol: heads[side], stroke: color, title },
          fill: ({ doubt }: Point) => (doubt === null ? color : paper),
        }),
        Plot.dot(of, { x: 'x', y, dx: shift, r: 5, symbol: 'times', filter: isWrong, stroke: color, strokeWidth: 2 }),
      ]),
    ]
  }

  line(layer: LayerOf<'line'>): Plot.Markish[] {
    const { points, series, role } = layer
    const isLog = this.figure.y.scale === 'log'
    const drawn = points.filter(({ y }) => !isLog || y > 0)
    if (role === 'reference') {
      const y = drawn[0]?.y
      if (y === undefined) return []
      const style = { stroke: ink, strokeDasharray: '4 3', strokeOpacity: 0.6 }
      return [this.flipped ? Plot.ruleX([y], style) : Plot.ruleY([y], style)]
    }
    const isPlain = role === 'landscape' || (role === 'fit' && series === null)
    const color = isPlain ? ink : this.color(series)
    const dashed = this.dashes(layer)?.style ?? (role === 'exact' ? { strokeDasharray: '5 3' } : {})
    const width = { estimate: 1.8, exact: 1.5, fit: 1.5, path: 1, landscape: 1.2 }[role]
    if (drawn.length === 1 && role === 'exact')
      return [Plot.dot(drawn, { x: 'x', y: 'y', symbol: 'diamond', r: 5, stroke: color, strokeWidth: 1.5 })]
    return [
      Plot.line(drawn, {
        x: 'x',
        y: ({ y }) => this.near(y),
        stroke: color,
        strokeWidth: width,
        strokeLinecap: 'butt',
        clip: true,
        ...dashed,
      }),
      ...(role === 'exact' && drawn.length <= 60
        ? [Plot.dot(drawn, { x: 'x', y: 'y', symbol: 'diamond', r: 3, stroke: color, strokeWidth: 1.2 })]
        : []),
    ]
  }

  band(layer: LayerOf<'band'>): Plot.Markish[] {
    const { points, series, role } = layer
    const color = role === 'fit' && series === null ? ink : this.color(series)
    const low = (point: { readonly low: number }) => this.near(point.low)
    const high = (point: { readonly high: number }) => this.near(point.high)
    const opacity = { interval: 0.3, simultaneous: 0.14, bracket: 0.07, fit: 0.14 }[role]
    const dashed = this.dashes(layer)
    const edge = { x: 'x', stroke: color, strokeWidth: 1.2, strokeDasharray: '1 3', clip: true, ...dashed?.style }
    const fill = dashed === null ? color : faint
    return [
      ...(dashed?.isFirst === false
        ? []
        : [Plot.areaY(points, { x: 'x', y1: low, y2: high, fill, fillOpacity: opacity, clip: true })]),
      ...(role === 'bracket' || (dashed !== null && role !== 'simultaneous')
        ? [Plot.lineY(points, { ...edge, y: low }), Plot.lineY(points, { ...edge, y: high })]
        : []),
    ]
  }

  tiles({ tiles }: LayerOf<'tiles'>): Plot.Markish[] {
    const { x, y, color } = this.figure
    const fillOf = fillBy(color!)
    const across = tileEdges(x, placesOn(tiles, 'x'))
    const up = tileEdges(y, placesOn(tiles, 'y'))
    if (tiles.length > maxMarkedTiles) return [rasterOf(tiles, this.figure, [across, up], this.inner)]
    const box = ({ isNumeric, of }: TileEdges, side: 'x' | 'y') => {
      const edge = (at: 0 | 1) => (tile: Tile) => of(tile[side])[at]
      return isNumeric ? { [`${side}1`]: edge(0), [`${side}2`]: edge(1) } : { [side]: side }
    }
    const options = { ...box(across, 'x'), ...box(up, 'y'), inset: 0.5 }
    const mark = across.isNumeric ? (up.isNumeric ? Plot.rect : Plot.barX) : up.isNumeric ? Plot.barY : Plot.cell
    const tile = (chosen: typeof tiles, style: object) =>
      chosen.length === 0 ? [] : [mark(chosen, { ...options, ...style } as Plot.RectOptions & Plot.CellOptions)]
    const below = tiles.filter(isHatched)
    const doubtful = tiles.filter(({ doubt, limit }) => doubt !== null || limit !== null)
    const center = {
      x: (one: Tile) => (across.isNumeric ? across.middle(one.x) : one.x),
      y: (one: Tile) => (up.isNumeric ? up.middle(one.y) : one.y),
    }
    return [
      ...tile(tiles, { fill: (one: Tile) => fillOf(one.value), title: 'text' }),
      ...tile(below, { fill: hatchFill, pointerEvents: 'none' }),
      Plot.text(signed(doubtful), { ...center, text: 'sign', ...signStyle } as Plot.TextOptions),
    ]
  }

  bars({ bars, parts }: LayerOf<'bars'>): Plot.Markish[] {
    const pieces = bars.flatMap((bar) => {
      let from = 0
      return bar.parts.map(({ part, value, low, high }) => {
        const piece = { x: bar.x, part, y1: from, y2: from + value, text: bar.text, low, high }
        from += value
        return piece
      })
    })
    // The limits of an interval are heights above 0. Only the lowest part of a bar starts at 0, so the intervals of the
    // other parts are not drawn.
    const lowest = pieces.filter(({ part, low, high }) => part === parts[0] && low !== null && high !== null)
    const doubts = bars.filter(({ doubt }) => doubt !== null)
    const fill = ({ part }: (typeof pieces)[number]) => seriesColor(this.figure, parts.indexOf(part))
    const text = ({ doubt }: (typeof bars)[number]) => doubtSign(doubt)
    return [
      Plot.barY(pieces, { x: 'x', y1: 'y1', y2: 'y2', fill, title: 'text' }),
      Plot.ruleX(lowest, { x: 'x', y1: 'low', y2: 'high', stroke: ink, strokeWidth: 1.5 }),
      Plot.text(doubts, { x: 'x', y: () => 1, text, dy: -7, fontWeight: 'bold', fill: ink }),
    ]
  }

  surface(layer: LayerOf<'surface'>): Plot.Markish[] {
    return surfaceMarks(layer, this.ranges)
  }

  escapes(layer: LayerOf<'escapes'>): Plot.Markish[] {
    return escapeMarks(layer, this.figure, this.ranges)
  }

  start(layer: LayerOf<'start'>): Plot.Markish[] {
    return startMarks(layer)
  }

  private get ranges() {
    return { x: spread(this.figure.x), y: spread(this.figure.y) }
  }
}
