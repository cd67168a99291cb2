import { abbreviate, padStart, widthOf } from '../../../table/text.ts'
import type { Figure, LayerOf } from '../../figure.ts'
import { tickText } from '../ticks.ts'
import { placeText } from './axes.ts'
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
      const sign = doubt === 'wrong' ? '!' : doubt === 'doubtful' ? '?' : ''
      const number = first === undefined ? '' : `${tickText(Number(first.value.toPrecision(3)))}${sign}`
      return `${padStart(abbreviate(placeText(x), margin - 1), margin - 1)} ${pieces.join('')} ${number}`
    }),
    `${' '.repeat(margin)}0${' '.repeat(Math.max(0, columns - 2))}1 ${parts[0] ?? ''}`,
  ]
}
