import { parseHTML } from 'linkedom'
import type { Figure } from './figure.ts'

/** Points as a reader sees them in the picture: from the labels of the axis, not from the drawing code. */
export interface ReadPlot {
  readonly points: readonly { readonly cell: number; readonly value: number }[]
  /** The height of a value, in pixels. */
  pixelOf(value: number): number
}

export function readPlot(svg: string, { y }: Pick<Figure, 'y'>): ReadPlot {
  const { document } = parseHTML(svg)
  const labels = [...document.querySelectorAll('[data-part="y-axis tick label"] text')].map((text) => ({
    value: Number(text.textContent),
    pixel: offsetOf(text)[1],
  }))
  const to = y.scale === 'log' ? Math.log : (value: number) => value
  const from = y.scale === 'log' ? Math.exp : (value: number) => value
  const [first, last] = [labels[0]!, labels.at(-1)!]
  const slope = (last.pixel - first.pixel) / (to(last.value) - to(first.value))
  const pixelOf = (value: number) => first.pixel + slope * (to(value) - to(first.value))
  const valueOf = (pixel: number) => from(to(first.value) + (pixel - first.pixel) / slope)
  const marks = [...document.querySelectorAll('[data-part="dot"] > *')].flatMap((mark) => {
    const index = /^cell (\d+) /.exec(mark.querySelector('title')?.textContent ?? '')?.[1]
    if (index === undefined) return []
    const group = offsetOf(mark.parentElement!)[1]
    const own = mark.getAttribute('cy') ?? String(offsetOf(mark)[1])
    return [{ cell: Number(index), value: valueOf(Number(own) + group) }]
  })
  return { points: marks, pixelOf }
}

function offsetOf(element: Element): readonly [number, number] {
  const found = /translate\(([^,)]+),([^)]+)\)/.exec(element.getAttribute('transform') ?? '')
  return found === null ? [0, 0] : [Number(found[1]), Number(found[2])]
}
