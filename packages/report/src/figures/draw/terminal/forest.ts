import { abbreviate, padStart, widthOf } from '../../../table/text.ts'
import type { Figure } from '../../figure.ts'
import { tickText } from '../ticks.ts'
import { along, center, placerOf, placeText } from './axes.ts'
import { doubtSign, type Pen } from './pen.ts'

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
