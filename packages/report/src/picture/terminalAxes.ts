import type { Range } from './scene.ts'
import { short } from './ticks.ts'

/** Adds axes to the lines of a picture, with numbers at both ends and in the middle of each axis. */
export function withAxes(
  body: readonly string[],
  columns: number,
  { x, y, labels, unicode }: { x: Range; y: Range; labels: readonly [string, string]; unicode: boolean },
): readonly string[] {
  const margin = marginOf(y, labels[1])
  const numbers = numbersOf(y)
  const middle = Math.floor((body.length - 1) / 2)
  const numberAt = (row: number) => [0, middle, body.length - 1].indexOf(row)
  const [bar, corner, line] = unicode ? ['│', '└', '─'] : ['|', '+', '-']
  return [
    labels[1].padStart(margin - 1),
    ...body.map((text, row) => `${(numbers[numberAt(row)] ?? '').padStart(margin - 1)} ${bar}${text}`.trimEnd()),
    `${' '.repeat(margin)}${corner}${line.repeat(columns)}`,
    `${' '.repeat(margin + 1)}${along(x, columns)} ${labels[0]}`,
  ]
}

/** Number of characters to the left of the vertical axis. */
export function marginOf(y: Range, label: string): number {
  return Math.max(...numbersOf(y).map((number) => number.length), label.length) + 1
}

/** The numbers of the vertical axis, from top to bottom. */
const numbersOf = (y: Range): readonly string[] => [y[1], (y[0] + y[1]) / 2, y[0]].map(short)

/** A line of `width` characters with numbers at its left end, in its middle and at its right end. */
function along([low, high]: Range, width: number): string {
  const line = new Array<string>(width).fill(' ')
  const put = (text: string, at: number) => {
    for (const [i, letter] of [...text].entries()) line[Math.max(0, at) + i] = letter
  }
  const middle = short((low + high) / 2)
  put(short(low), 0)
  put(middle, Math.floor((width - middle.length) / 2))
  put(short(high), width - short(high).length)
  return line.join('')
}
