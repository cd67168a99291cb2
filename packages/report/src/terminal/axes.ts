import type { Place } from '../axes/sweptAxes.ts'
import type { Axis, Figure } from '../figure/figure.ts'
import { tickFormat, tickText } from '../format/digits.ts'
import { abbreviate, padEnd, padStart, widthOf } from '../format/text.ts'
import { shareOf, ticksOf } from '../scale/ticks.ts'
import type { Pen } from './pen.ts'

/** Returns a function that maps a place on an axis to the number of a column or row, from 0 to `count` - 1. */
export function placerOf(axis: Axis, count: number): (place: Place) => number {
  if (axis.categories !== null) {
    const places = new Map(axis.categories.map((name, at) => [name, at]))
    return (place) => Math.floor(((places.get(String(place)) ?? 0) + 0.5) * (count / axis.categories!.length))
  }
  return (place) => Math.max(0, Math.min(count - 1, Math.round(shareOf(axis, place as number) * (count - 1))))
}

export function marginOf(axis: Axis, ticks: number): number {
  const found = ticksOf(axis, ticks)
  const texts = axis.categories ?? found.map(tickFormat(found))
  return Math.min(24, Math.max(...texts.map(widthOf), 3)) + 1
}

export function framed(
  rows: readonly string[],
  { x, y }: Pick<Figure, 'x' | 'y'>,
  columns: number,
  margin: number,
  up: (place: Place) => number,
  pen: Pen,
): readonly string[] {
  const at = new Map<number, string>()
  const ticks = ticksOf(y, 5)
  const places: readonly Place[] = y.categories ?? ticks
  const textOf = tickFormat(ticks)
  for (const place of places) {
    const row = rows.length - 1 - up(place)
    if (!at.has(row)) at.set(row, abbreviate(typeof place === 'number' ? textOf(place) : place, margin - 1))
  }
  const [bar, corner, line, tick] = pen.terminal.unicode ? ['│', '└', '─', '┬'] : ['|', '+', '-', '+']
  const { numbers, marks } = along(x, columns)
  return [
    y.label,
    ...rows.map((text, row) => `${padStart(at.get(row) ?? '', margin - 1)} ${bar}${text}`),
    `${' '.repeat(margin)}${corner}${[...Array(columns).keys()].map((i) => (marks.has(i) ? tick : line)).join('')}`,
    `${' '.repeat(margin + 1)}${numbers}`,
    ...(x.label === '' ? [] : [`${' '.repeat(margin + 1)}${center(x.label, columns)}`]),
  ]
}

export const center = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, Math.floor((width - widthOf(text)) / 2))) + text

/** The labels below an axis of `columns` characters, as many as fit. */
export function along(axis: Axis, columns: number): { readonly numbers: string; readonly marks: ReadonlySet<number> } {
  const place = placerOf(axis, columns)
  const ticks = ticksOf(axis, Math.max(2, Math.floor(columns / 10)))
  const places: readonly Place[] = axis.categories ?? ticks
  const textOf = tickFormat(ticks)
  const room = axis.categories === null ? 12 : Math.floor(columns / Math.max(1, places.length)) - 1
  let numbers = ''
  const marks = new Set<number>()
  for (const each of places) {
    const text = abbreviate(typeof each === 'number' ? textOf(each) : each, Math.max(room, 6))
    const wide = widthOf(text)
    const from = Math.max(0, Math.min(columns - wide, place(each) - Math.floor(wide / 2)))
    if (numbers !== '' && from < widthOf(numbers) + 1) continue
    numbers = padEnd(numbers, from) + text
    marks.add(place(each))
  }
  return { numbers, marks }
}

export const placeText = (place: Place): string => (typeof place === 'number' ? tickText(place) : place)
