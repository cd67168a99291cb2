import { doubtSign } from '../document/findings.ts'
import type { Figure, LayerOf } from '../figure/figure.ts'
import { tickText } from '../format/digits.ts'
import { abbreviate, padStart, widthOf } from '../format/text.ts'
import { along, center, placerOf, placeText } from './axes.ts'
import type { Pen } from './pen.ts'

/** The character that fills a part of a bar: a block, or without colours the first letter of the part's name. */
export const barSign = (part: string, pen: Pen): string =>
  pen.terminal.colors === 'none' ? (part[0] ?? '#').toUpperCase() : pen.terminal.unicode ? '█' : '#'

export function barsOf(figure: Figure, { bars, parts }: LayerOf<'bars'>, width: number, pen: Pen): readonly string[] {
  const margin = Math.min(30, Math.max(4, ...bars.map(({ x }) => widthOf(placeText(x))))) + 1
  const columns = width - margin - 10
  return [
    figure.x.label,
    ...bars.map(({ x, parts: shares, doubt }) => {
      let whole = 0
      let drawn = 0
      const pieces = shares.map(({ part, value }) => {
        whole += value
        // Every nonzero share is visible, however small.
        const until = Math.max(Math.round(whole * columns), value > 0 ? drawn + 1 : drawn)
        const text = barSign(part, pen).repeat(Math.max(0, Math.min(until, columns) - drawn))
        drawn = Math.min(until, columns)
        return pen.series(text, parts.indexOf(part))
      })
      const [first] = shares
      const number = first === undefined ? '' : `${tickText(Number(first.value.toPrecision(3)))}${doubtSign(doubt)}`
      return `${padStart(abbreviate(placeText(x), margin - 1), margin - 1)} ${pieces.join('')} ${number}`
    }),
    `${' '.repeat(margin)}0${' '.repeat(Math.max(0, columns - 2))}1 ${parts[0] ?? ''}`,
  ]
}

export function forestOf(figure: Figure, width: number, pen: Pen): readonly string[] {
  const points = figure.layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
  const reference = figure.layers.find((layer) => layer.type === 'line' && layer.role === 'reference')
  const none = reference?.type === 'line' ? reference.points[0]?.y : undefined
  const longest = Math.max(4, ...points.map(({ x }) => widthOf(placeText(x))))
  const margin = Math.min(36, Math.floor(width / 2) - 4, longest) + 1
  const columns = width - margin - 10
  const at = placerOf(figure.y, columns)
  const rows = points.map((point) => {
    const line = Array<string>(columns).fill(' ')
    if (none !== undefined) line[at(none)] = pen.terminal.unicode ? '│' : '|'
    const [from, to] = point.low === null && point.high === null ? [point.y, point.y] : figure.y.domain!
    const [low, high] = [at(point.low ?? from), at(point.high ?? to)]
    for (let i = low; i <= high; i++) line[i] = pen.terminal.unicode ? '─' : '-'
    line[at(point.y)] = doubtSign(point.doubt, pen.sign(0))
    const name = padStart(abbreviate(placeText(point.x), margin - 1), margin - 1)
    return `${name} ${pen.series(line.join(''), 0)} ${tickText(Number(point.y.toPrecision(3)))}`
  })
  return [
    ...rows,
    `${' '.repeat(margin)}${along(figure.y, columns).numbers}`,
    `${' '.repeat(margin)}${center(figure.y.label, columns)}`,
  ]
}
