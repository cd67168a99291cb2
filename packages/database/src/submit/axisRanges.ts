import type { SweptRange } from '@driftfarm/report'
import type { ResolvedCell } from '@driftfarm/spec'

/** Distinct values of an axis are counted up to this number, because a design may have 10^6 of them. */
const maxCounted = 10_000

/** Collects the range of each swept path: of numbers the smallest and largest, else the first and the last value. */
export class AxisRanges {
  readonly #axes: readonly { readonly path: string; readonly values: Set<unknown>; from: unknown; to: unknown }[]

  constructor(paths: readonly string[]) {
    this.#axes = paths.map((path) => ({ path, values: new Set(), from: undefined, to: undefined }))
  }

  observe(params: ResolvedCell['params']): void {
    for (const axis of this.#axes) {
      const value = params[axis.path]
      if (value === undefined) continue
      if (axis.values.size <= maxCounted) axis.values.add(typeof value === 'object' ? JSON.stringify(value) : value)
      if (axis.from === undefined || isBelow(value, axis.from)) axis.from = value
      if (typeof value !== 'number' || axis.to === undefined || !isBelow(value, axis.to)) axis.to = value
    }
  }

  all(): readonly SweptRange[] {
    return this.#axes.map(({ path, values: { size }, from = null, to = null }) => {
      const count = size > maxCounted ? null : size
      return { path, from, to, count }
    })
  }
}

const isBelow = (value: unknown, other: unknown): boolean =>
  typeof value === 'number' && typeof other === 'number' && value < other
