import { countText } from '../../table/quantity.ts'
import { type Figure, hatchedTiles } from '../figure.ts'
import { colorAt, hex } from './colormap.ts'
import { hatchSwatch } from './hatch.ts'
import { escaped, round } from './markup.ts'
import { cutTo, widthOfText } from './measure.ts'
import { shareOf } from './scale.ts'
import { ink, seriesColor } from './theme.ts'
import { tickFormat, ticksOf } from './ticks.ts'

interface Part {
  readonly svg: string
  readonly height: number
}

const size = 12
const rowHeight = 18

export function legendRows(figure: Figure, width: number): Part | null {
  const { series, seriesTitle } = figure
  if (series.length === 0) return null
  const parts: string[] = []
  let [x, y] = [0, 0]
  const put = (text: string, color: string | null): void => {
    const shown = cutTo(text, size, width - 20)
    const swatch = color === null ? 0 : 16
    const wide = swatch + widthOfText(shown, size) + 14
    if (x > 0 && x + wide > width) {
      x = 0
      y += rowHeight
    }
    if (color !== null) parts.push(`<rect x="${round(x)}" y="${y + 3}" width="11" height="11" rx="2" fill="${color}"/>`)
    parts.push(`<text x="${round(x + swatch)}" y="${y + 13}" font-size="${size}">${escaped(shown)}</text>`)
    x += wide
  }
  if (seriesTitle !== null) put(`${seriesTitle}:`, null)
  series.forEach((name, place) => {
    put(name, seriesColor(figure, place))
  })
  return { svg: parts.join(''), height: y + rowHeight + 6 }
}

export function rampOf({ color }: Figure, width: number): Part | null {
  if (color === null || color.domain === null) return null
  const wide = Math.min(width, 320)
  const steps = 64
  const parts = [`<text x="0" y="11" font-size="${size}">${escaped(cutTo(color.label, size, width))}</text>`]
  for (let i = 0; i < steps; i++)
    parts.push(
      `<rect x="${round((i * wide) / steps)}" y="17" width="${round(wide / steps) + 0.4}" height="10" ` +
        `fill="${hex(colorAt(i / (steps - 1)))}"/>`,
    )
  const ticks = ticksOf(color, 5)
  const textOf = tickFormat(ticks)
  for (const tick of ticks) {
    const x = round(wide * shareOf(color, tick))
    const anchor = x < 12 ? 'start' : x > wide - 12 ? 'end' : 'middle'
    parts.push(
      `<path d="M${x},27v4" stroke="${ink}"/>`,
      `<text x="${x}" y="42" font-size="11" text-anchor="${anchor}">${textOf(tick)}</text>`,
    )
  }
  return { svg: parts.join(''), height: 52 }
}

export function hatchRow(figure: Figure): Part | null {
  const count = hatchedTiles(figure)
  if (count === 0) return null
  const text = `target not reached: ${countText(count, 'cell')}`
  return { svg: hatchSwatch(text, size), height: rowHeight + 6 }
}
