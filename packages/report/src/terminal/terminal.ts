import { type Figure, isHatched, layersOf } from '../figure/figure.ts'
import { painter } from '../format/table.ts'
import { abbreviate, texts, widthOf, wrapped } from '../format/text.ts'
import { barSign, barsOf, forestOf } from './bars.ts'
import { Pen, type Terminal } from './pen.ts'
import { plotOf } from './points.ts'
import { scatterOf, surfaceOf } from './surface.ts'
import { tilesOf } from './tiles.ts'

const widest = 110

/**
 * A figure as lines of text: blocks and braille, with colours if the terminal has them. The figure is as wide as the
 * terminal, but at least 40 and at most `widest` columns.
 */
export function terminalFigure(figure: Figure, terminal: Terminal): readonly string[] {
  const width = Math.max(40, Math.min(widest, terminal.width))
  const pen = new Pen(terminal, figure)
  const paint = painter(terminal.colors !== 'none')
  const body =
    figure.panels.length === 0
      ? bodyOf(figure, width, pen)
      : figure.panels.flatMap(({ title, layers }) => [
          paint('bold', title),
          ...bodyOf({ ...figure, layers, panels: [] }, width, pen),
        ])
  const caption = [...figure.caption, ...signsOf(figure)].flatMap((text) =>
    wrapped(terminal.unicode ? text : ascii(text), width),
  )
  return [
    ...wrapped(figure.title, width).map((line) => paint('bold', line)),
    ...legend(figure, width, pen),
    ...body,
    ...caption.map((line) => paint('dim', line)),
  ].map((line) => (terminal.unicode ? line : ascii(line)).trimEnd())
}

/** Explains the characters that stand for the signs that the caption names. */
function signsOf(figure: Figure): readonly string[] {
  const layers = layersOf(figure)
  const tiles = layers.flatMap((layer) => (layer.type === 'tiles' ? layer.tiles : []))
  const points = layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
  const pairs = texts(
    tiles.some(isHatched) && '/ is hatched',
    points.some((point) => point.doubt === 'doubtful') && '? is hollow',
    points.some((point) => point.doubt === 'wrong') && '! is crossed out',
    layers.some(({ type }) => type === 'contour') && 'the line is left out: write a file (-o) to see it',
  )
  return pairs.length === 0 ? [] : [`In this drawing, ${pairs.join(', ')}.`]
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

const plain: Readonly<Record<string, string>> = { '·': '-', '–': '-', '…': '~', '│': '|', '└': '+', '─': '-', '┬': '+' }
const ascii = (line: string): string =>
  [...line.replaceAll('∞', 'inf')]
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
