import type { Interval } from './interval.ts'

export type Box = readonly Interval[]

export interface Ball {
  readonly center: readonly number[]
  readonly radius: number
}

/** The box is slightly larger than the ball, so that rounding cannot exclude a point of the ball. */
export function boxAround({ center, radius }: Ball): Box {
  return center.map((c) => {
    const reach = radius * (1 + 1e-12) + 1e-300
    return [c - reach - Math.abs(c) * 2 ** -52, c + reach + Math.abs(c) * 2 ** -52]
  })
}

/** `nearest` is rounded down and `farthest` is rounded up. */
export function distances(box: Box, center: readonly number[]): { nearest: number; farthest: number } {
  let near = 0
  let far = 0
  for (let i = 0; i < box.length; i++) {
    const [low, high] = box[i]!
    const c = center[i]!
    const gap = Math.max(0, low - c, c - high)
    const reach = Math.max(Math.abs(low - c), Math.abs(high - c))
    near += gap * gap
    far += reach * reach
  }
  return { nearest: Math.sqrt(near) * (1 - 1e-14), farthest: Math.sqrt(far) * (1 + 1e-14) }
}

export function middle(box: Box): number[] {
  return box.map(([low, high]) => low + (high - low) / 2)
}

export function projectInto(point: readonly number[], { center, radius }: Ball): number[] {
  let square = 0
  for (let i = 0; i < point.length; i++) square += (point[i]! - center[i]!) ** 2
  const distance = Math.sqrt(square)
  if (distance <= radius) return [...point]
  const share = (radius / distance) * (1 - 1e-12)
  return point.map((x, i) => center[i]! + share * (x - center[i]!))
}

/** Cuts the box across its widest side. */
export function halves(box: Box): readonly [Box, Box] {
  let widest = 0
  for (let i = 1; i < box.length; i++) if (width(box[i]!) > width(box[widest]!)) widest = i
  const [low, high] = box[widest]!
  const cut = low + (high - low) / 2
  return [
    box.map((side, i) => (i === widest ? ([low, cut] as const) : side)),
    box.map((side, i) => (i === widest ? ([cut, high] as const) : side)),
  ]
}

const width = ([low, high]: Interval): number => high - low
