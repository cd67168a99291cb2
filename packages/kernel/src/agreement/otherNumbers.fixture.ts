import type { Cell } from '@driftfarm/spec'

/** Sizes, `every` and what is 1 or not: with other values a cell is of another structure, or none at all. */
const kept = ['kernel', 'dimension', 'rows', 'size', 'layers', 'neurons', 'teachers', 'inputs', 'every']
const odd = [0, 1, -1, 2, 0.5, 1e-300, 1e300, 3]

/** The cell with other numbers here and there: odd ones, or near the old ones. `next` gives uniform numbers. */
export function withOtherNumbers(cell: Cell, next: () => number): Cell {
  const change = (value: unknown, key: string): unknown => {
    if (typeof value === 'number' && !kept.includes(key)) return next() < 0.5 ? value : otherNumber(value, key, next)
    if (value === null || typeof value !== 'object' || kept.includes(key)) return value
    if (Array.isArray(value) && typeof value[1] === 'string' && typeof value[2] === 'number') return value
    if (Array.isArray(value)) return value.map((entry) => change(entry, key))
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, change(entry, name)]))
  }
  return { ...(change(cell, '') as Cell), seed: String(Math.floor(next() * 2 ** 40)) }
}

function otherNumber(value: number, key: string, next: () => number): number {
  // A warm-up of no steps has no code.
  if (key === 'warmup') return value === 0 ? 0 : 1 + Math.floor(9 * next())
  if (key === 'steps') return 1 + Math.floor(200 * next())
  return next() < 0.5 ? odd[Math.floor(odd.length * next())]! : value * (0.5 + next())
}
