import { abbreviate, padEnd, padStart, widthOf, wrapped } from '../../table/text.ts'
import type { Axis, Figure, Layer, LayerOf, Place, Point } from '../figure.ts'
import { BrailleCanvas } from './braille.ts'
import { colorAt } from './colormap.ts'
import { along, center, framed, marginOf, placerOf } from './framed.ts'
import { markLetter, paintCode, reset, type Terminal } from './paint.ts'
import { Pen, shades } from './pen.ts'
import { quantiles } from './quantiles.ts'
import { rampLine } from './rampLine.ts'
import { shareOf } from './scale.ts'
import { signOf } from './signs.ts'
import { scatterOf } from './terminalScatter.ts'
import { tickText } from './ticks.ts'

/** Rows of a plot of points and lines. */
const plotRows = 18
const widest = 110

/** A figure as lines, none wider than the terminal: blocks and braille, with colours where it has them. */
export function terminalFigure(figure: Figure, terminal: Terminal): readonly string[] {
  const width = Math.max(40, Math.min(widest, terminal.width))
  const pen = new Pen(terminal, figure)
  const body = bodyOf(figure, width, pen)
  const caption = figure.caption.flatMap((sentence) => wrapped(sentence, width))
  return [
    ...wrapped(figure.title, width).map((line) => pen.bold(line)),
    ...legend(figure, width, pen),
    ...body,
    ...caption.map((line) => pen.dim(line)),
  ].map((line) => (terminal.unicode ? line : ascii(line)).trimEnd())
}

function bodyOf(figure: Figure, width: number, pen: Pen): readonly string[] {
  const [first] = figure.layers
  if (first?.type === 'tiles') return tilesOf(figure, first, width, pen)
  if (first?.type === 'scatter') return scatterOf(figure, first, width, pen)
  if (first?.type === 'bars') return barsOf(figure, first, width, pen)
  if (figure.figure === 'contrast') return forestOf(figure, width, pen)
  if (first?.type === 'surface') return surfaceOf(figure, first, width, pen)
  return plotOf(figure, width, pen)
}

/** Characters that replace those beyond ASCII, where a terminal may not show them. */
const plain: Readonly<Record<string, string>> = { '·': '-', '–': '-', '…': '~', '│': '|', '└': '+', '─': '-', '┬': '+' }
const ascii = (line: string): string =>
  [...line]
    .map((letter) => plain[letter] ?? (letter.codePointAt(0)! > 126 && letter !== '\u001b' ? '?' : letter))
    .join('')

function legend({ series, seriesTitle, layers }: Figure, width: number, pen: Pen): readonly string[] {
  if (series.length === 0) return []
  const isBars = layers[0]?.type === 'bars'
  const lines = [`${seriesTitle ?? ''}:`]
  const widths = [widthOf(lines[0]!)]
  series.forEach((name, place) => {
    const shown = abbreviate(name, width - 6)
    const sign = isBars ? barSign(name, pen) : pen.sign(place)
    if (widths.at(-1)! + widthOf(shown) + 4 > width) {
      lines.push('')
      widths.push(0)
    }
    lines[lines.length - 1] += `  ${pen.series(sign, place)} ${shown}`
    widths[widths.length - 1]! += 4 + widthOf(shown)
  })
  return lines
}

/** Points, intervals and lines over two axes. */
function plotOf(figure: Figure, width: number, pen: Pen): readonly string[] {
  const { x, y } = figure
  const margin = marginOf(y, 5)
  const columns = width - margin - 2
  const canvas = new BrailleCanvas(columns, plotRows, pen.terminal.unicode)
  const across = placerOf(x, columns * canvas.across)
  const up = placerOf(y, plotRows * canvas.down)
  const rowOf = (value: number) => plotRows * canvas.down - 1 - up(value)
  const isSeen = (value: number | null): value is number => value !== null && (y.scale !== 'log' || value > 0)
  const floor = y.domain![0]
  for (const layer of figure.layers) drawLayer(layer)

  function drawLayer(layer: Layer): void {
    const series = 'series' in layer ? pen.seriesAt(layer.series) : 0
    if (layer.type === 'band' && layer.role !== 'simultaneous')
      for (const edge of ['low', 'high'] as const)
        canvas.path(
          layer.points.filter((p) => isSeen(p[edge])).map((p) => [across(p.x), rowOf(p[edge])]),
          series,
          3,
        )
    if (layer.type === 'line') {
      const every = layer.role === 'exact' ? 2 : 1
      canvas.path(
        layer.points.filter((p) => isSeen(p.y)).map((p) => [across(p.x), rowOf(p.y)]),
        series,
        every,
      )
    }
    if (layer.type === 'points') drawPoints(layer, series)
    if (layer.type === 'marks')
      for (const [place, mark] of layer.marks.entries()) canvas.put(across(mark.x), rowOf(mark.y), markLetter(place), 0)
  }

  function drawPoints({ points, joined }: LayerOf<'points'>, series: number): void {
    const drawn = points.filter((p) => isSeen(p.y))
    if (joined)
      canvas.path(
        drawn.map((p) => [across(p.x), rowOf(p.y)]),
        series,
        2,
      )
    for (const point of points) {
      const at = across(point.x)
      const low = isSeen(point.low) ? point.low : floor
      if (isSeen(point.high))
        canvas.path(
          [
            [at, rowOf(low)],
            [at, rowOf(point.high)],
          ],
          series,
          1,
        )
    }
    for (const point of points) {
      const seen = isSeen(point.y)
      const height = seen ? point.y : point.high
      if (!isSeen(height)) continue
      canvas.put(across(point.x), rowOf(height), seen ? doubtSign(point, pen.sign(series)) : arrow(pen), series)
    }
  }

  const rows = canvas.lines((text, series) => pen.series(text, series))
  return framed(rows, figure, columns, margin, placerOf(y, plotRows), pen)
}

const arrow = (pen: Pen): string => (pen.terminal.unicode ? '▼' : 'v')
const doubtSign = ({ doubt }: Pick<Point, 'doubt'>, sign: string): string =>
  doubt === 'wrong' ? '!' : doubt === 'doubtful' ? '?' : sign

/** A map: its numbers where they fit, on their colours; else colours or shades alone. */
function tilesOf(figure: Figure, { tiles }: LayerOf<'tiles'>, width: number, pen: Pen): readonly string[] {
  const { x, y, color } = figure
  const xs = placesOf(
    x,
    tiles.map((tile) => tile.x),
  )
  const ys = placesOf(
    y,
    tiles.map((tile) => tile.y),
  ).toReversed()
  const margin = Math.min(24, Math.max(3, ...ys.map((place) => widthOf(placeText(place))))) + 1
  const columns = width - margin - 1
  const wide = Math.min(9, Math.floor(columns / xs.length))
  // With more tiles than columns, each character shows the tile in its middle.
  const shownXs = wide >= 1 ? xs : thinned(xs, columns)
  const shownYs = ys.length <= 40 ? ys : thinned(ys, 40)
  const size = Math.max(1, wide)
  const at = new Map(tiles.map((tile) => [`${tile.x}\n${tile.y}`, tile]))
  const text = (tile: (typeof tiles)[number]): string => {
    const sign = signOf(tile)
    if (size < 5) return sign
    const number = tile.value === null ? '' : tickText(Number(tile.value.toPrecision(size >= 7 ? 3 : 2)))
    return abbreviate(`${number}${sign}`, size - 1)
  }
  const cellText = (tile: (typeof tiles)[number] | undefined): string => {
    if (tile === undefined) return ' '.repeat(size)
    if (tile.value === null) return padEnd(center('·', size), size)
    const share = color!.scale === 'log' && tile.value <= 0 ? 0 : Math.max(0, Math.min(1, shareOf(color!, tile.value)))
    const inside = padEnd(center(text(tile), size), size)
    if (pen.terminal.colors !== 'none') return pen.ground(inside, colorAt(share))
    return size >= 5
      ? inside
      : (text(tile) || shades[Math.round(share * (shades.length - 1))]!).repeat(size).slice(0, size)
  }
  const [bar, corner, line] = pen.terminal.unicode ? ['│', '└', '─'] : ['|', '+', '-']
  const rows = shownYs.map((row) => {
    const cells = shownXs.map((column) => cellText(at.get(`${column}\n${row}`))).join('')
    return `${padStart(abbreviate(placeText(row), margin - 1), margin - 1)} ${bar}${cells}`
  })
  let numbers = ''
  shownXs.forEach((place, i) => {
    const label = abbreviate(placeText(place), Math.max(size - 1, 6))
    const from = i * size + Math.max(0, Math.floor((size - widthOf(label)) / 2))
    const fits = from + widthOf(label) <= Math.max(columns, shownXs.length * size)
    if (fits && (numbers === '' || from >= widthOf(numbers) + 1)) numbers = padEnd(numbers, from) + label
  })
  const scale = rampLine(color!, pen)
  return [
    ...(scale === null ? [] : [scale]),
    y.label,
    ...rows,
    `${' '.repeat(margin)}${corner}${line.repeat(shownXs.length * size)}`,
    `${' '.repeat(margin + 1)}${numbers}`,
    `${' '.repeat(margin + 1)}${center(x.label, shownXs.length * size)}`,
  ]
}

const placeText = (place: Place): string => (typeof place === 'number' ? tickText(place) : place)

function placesOf(axis: Axis, found: readonly Place[]): readonly Place[] {
  const there = new Set(found)
  if (axis.categories !== null) return [...axis.categories, 'none'].filter((place) => there.has(place))
  return [...there].sort((a, b) => (a as number) - (b as number))
}

const thinned = <T>(all: readonly T[], count: number): readonly T[] =>
  Array.from(
    { length: Math.min(count, all.length) },
    (_, i) => all[Math.floor(((i + 0.5) * all.length) / Math.min(count, all.length))]!,
  )

/** What a bar is made of: the first letter of its part where there are no colours. */
const barSign = (part: string, pen: Pen): string =>
  pen.terminal.colors === 'none' ? (part[0] ?? '#').toUpperCase() : pen.terminal.unicode ? '█' : '#'

/** Stacked shares, a line a cell. */
function barsOf(figure: Figure, { bars, parts }: LayerOf<'bars'>, width: number, pen: Pen): readonly string[] {
  const margin = Math.min(30, Math.max(4, ...bars.map(({ x }) => widthOf(placeText(x))))) + 1
  const columns = width - margin - 10
  return [
    figure.x.label,
    ...bars.map(({ x, parts: shares, doubt }) => {
      let whole = 0
      let drawn = 0
      const pieces = shares.map(({ part, value }) => {
        whole += value
        // A share that is there is seen, however small.
        const until = Math.max(Math.round(whole * columns), value > 0 ? drawn + 1 : drawn)
        const text = barSign(part, pen).repeat(Math.max(0, Math.min(until, columns) - drawn))
        drawn = Math.min(until, columns)
        return pen.series(text, parts.indexOf(part))
      })
      const [first] = shares
      const sign = doubt === 'wrong' ? '!' : doubt === 'doubtful' ? '?' : ''
      const number = first === undefined ? '' : `${tickText(Number(first.value.toPrecision(3)))}${sign}`
      return `${padStart(abbreviate(placeText(x), margin - 1), margin - 1)} ${pieces.join('')} ${number}`
    }),
    `${' '.repeat(margin)}0${' '.repeat(Math.max(0, columns - 2))}1 ${parts[0] ?? ''}`,
  ]
}

/** Contrasts: a line each, with its interval over the common axis. */
function forestOf(figure: Figure, width: number, pen: Pen): readonly string[] {
  const points = figure.layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
  const reference = figure.layers.find((layer) => layer.type === 'line' && layer.role === 'reference')
  const none = reference?.type === 'line' ? reference.points[0]?.y : undefined
  const margin = Math.min(36, Math.max(4, ...points.map(({ x }) => widthOf(placeText(x))))) + 1
  const columns = width - margin - 10
  const at = placerOf(figure.y, columns)
  const rows = points.map((point) => {
    const line = Array<string>(columns).fill(' ')
    if (none !== undefined) line[at(none)] = pen.terminal.unicode ? '│' : '|'
    const [low, high] = [at(point.low ?? point.y), at(point.high ?? point.y)]
    for (let i = low; i <= high; i++) line[i] = pen.terminal.unicode ? '─' : '-'
    line[at(point.y)] = doubtSign(point, pen.sign(0))
    const name = padStart(abbreviate(placeText(point.x), margin - 1), margin - 1)
    return `${name} ${pen.series(line.join(''), 0)} ${tickText(Number(point.y.toPrecision(3)))}`
  })
  return [
    ...rows,
    `${' '.repeat(margin)}${along(figure.y, columns).numbers}`,
    `${' '.repeat(margin)}${center(figure.y.label, columns)}`,
  ]
}

/** Heights as colours or shades, two to a character where there are colours. */
function surfaceOf(
  figure: Figure,
  { columns: nodes, rows: lines, values }: LayerOf<'surface'>,
  width: number,
  pen: Pen,
): readonly string[] {
  const margin = marginOf(figure.y, 5)
  const columns = Math.min(72, width - margin - 2)
  const [x0, x1] = figure.x.domain!
  const [y0, y1] = figure.y.domain!
  // A character is about twice as high as it is wide.
  const rows = Math.max(9, Math.min(27, 2 * Math.floor((columns * (y1 - y0)) / (x1 - x0) / 4) + 1))
  const levels = quantiles(values, 20)
  const half = pen.terminal.colors !== 'none' && pen.terminal.unicode ? 2 : 1
  const shareAt = (column: number, row: number): number => {
    const i = Math.min(nodes - 1, Math.floor(((column + 0.5) * nodes) / columns))
    const j = Math.min(lines - 1, Math.floor(((rows * half - row - 0.5) * lines) / (rows * half)))
    const value = values[j * nodes + i] ?? null
    if (value === null) return 1
    return levels.filter((level) => value >= level).length / Math.max(1, levels.length)
  }
  const marks = new Map<number, string>()
  const across = placerOf(figure.x, columns)
  const up = placerOf(figure.y, rows)
  const paths = new Map<number, string>()
  for (const layer of figure.layers) {
    if (layer.type === 'marks')
      for (const [place, mark] of layer.marks.entries())
        marks.set((rows - 1 - up(mark.y)) * columns + across(mark.x), markLetter(place))
    if (layer.type === 'line')
      for (const point of layer.points) paths.set((rows - 1 - up(point.y)) * columns + across(point.x), '·')
  }
  const body = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const mark = marks.get(row * columns + column) ?? paths.get(row * columns + column)
      const share = shareAt(column, row * half)
      if (pen.terminal.colors === 'none') return mark ?? shades[Math.round(share * (shades.length - 1))]!
      if (mark !== undefined) return pen.ground(mark, [255, 255, 255])
      if (half === 1) return pen.ground(' ', colorAt(share))
      const tone = pen.terminal.colors
      const ground = paintCode(48, colorAt(shareAt(column, row * half + 1)), tone)
      return `${paintCode(38, colorAt(share), tone)}${ground}▀${reset}`
    }).join(''),
  )
  return framed(body, figure, columns, margin, up, pen)
}
