import { groupedBy, Heap } from '@driftfarm/formula'
import type { Region, RegionAt } from '../question/course.ts'

export interface ReachableRegionOptions {
  readonly loss: (theta: Float64Array) => number
  readonly regionAt: RegionAt
  readonly start: readonly number[]
  readonly step: number
  /** How far the ceiling is above the highest pass, in units of the loss. */
  readonly depth: number
  /** The length of the longest jump. The flood goes no further than this into regions where every trial ends. */
  readonly reach: number
  readonly ends: (region: Region) => boolean
  readonly hasAll: (found: readonly Region[]) => boolean
  /** Points of interest whose regions may be smaller than a cell. */
  readonly hints: readonly (readonly number[])[]
  readonly maxCells: number
}

/**
 * While regions are missing, the flood rises this far above the highest known pass, in units of `depth`. A region whose
 * pass is even higher counts as unreachable.
 */
const searchDepth = 4

interface Cell {
  readonly place: readonly number[]
  readonly level: number
  /**
   * A trial that reaches an *end cell* ends there. This is the number of consecutive end cells with which the path to
   * this cell finishes; 0 if this cell is not an end cell.
   */
  readonly beyond: number
}

/**
 * Floods the landscape from the start with Dijkstra's algorithm, where the length of a path is its largest loss.
 */
export function reachableRegion(options: ReachableRegionOptions) {
  const { loss, regionAt, start, step, depth, reach, ends, hasAll, hints, maxCells } = options
  const hinted = groupedBy(hints, (hint) => keyOf(hint.map((x, i) => Math.round((x - start[i]!) / step))))
  const heap = new Heap<Cell>((one, other) => one.level < other.level)
  const seen = new Set<number>()
  const passes = new Map<Region, number>()
  const visited: Cell[] = []
  let bottom = Number.POSITIVE_INFINITY
  const push = (place: readonly number[], level: number, beyond: number) => {
    const key = keyOf(place)
    if (seen.has(key)) return
    seen.add(key)
    const theta = Float64Array.from(place, (k, i) => start[i]! + k * step)
    const region = regionAt(theta)
    const height = loss(theta)
    // A trial never reaches a point where the loss is not a number.
    if (Number.isNaN(height)) return
    for (const point of hinted.get(key) ?? []) note(regionAt(point), Math.max(level, height))
    const isEnd = ends(region)
    note(region, Math.max(level, height))
    if (!isEnd) bottom = Math.min(bottom, height)
    heap.push({ place, level: Math.max(level, height), beyond: isEnd ? beyond + 1 : 0 })
  }
  const found: { region: Region; level: number }[] = []
  const note = (region: Region, level: number) => {
    if (!region.diverged && (passes.get(region) ?? Number.POSITIVE_INFINITY) > level) found.push({ region, level })
  }
  push(
    start.map(() => 0),
    Number.NEGATIVE_INFINITY,
    0,
  )
  let pass = found[0]?.level ?? 0
  let filled = Number.POSITIVE_INFINITY
  for (let cell = heap.pop(); cell !== undefined; cell = heap.pop()) {
    // `level` is the largest loss on the path to a region. Once the flood has risen to `level`, no other path to the
    // region can be lower, so the region counts as found.
    for (let i = found.length - 1; i >= 0; i--) {
      const { region, level } = found[i]!
      if (level > cell.level) continue
      found.splice(i, 1)
      if (passes.has(region)) continue
      passes.set(region, level)
      pass = Math.max(pass, level)
    }
    const isLong = visited.length > maxCells / 4
    const isAll = isLong || hasAll([...passes.keys()])
    const isAny = isLong || passes.size > 1
    if (isAny && cell.level > pass + (isAll ? depth : searchDepth * depth)) break
    visited.push(cell)
    if (visited.length > maxCells) {
      filled = cell.level
      break
    }
    if (cell.beyond * step > reach) continue
    for (let i = 0; i < start.length; i++)
      for (const side of [-1, 1])
        push(
          cell.place.map((k, at) => (at === i ? k + side : k)),
          cell.level,
          cell.beyond,
        )
  }
  const ceiling = pass + depth
  const box = start.map((x, i) => {
    let low = 0
    let high = 0
    for (const { level, place } of visited) {
      if (level > ceiling) break
      low = Math.min(low, place[i]!)
      high = Math.max(high, place[i]!)
    }
    return { low: x + (low - 1) * step, high: x + (high + 1) * step }
  })
  return {
    low: box.map(({ low }) => low),
    high: box.map(({ high }) => high),
    /** The loss at the highest pass that trials must cross to reach all regions from the start. */
    pass,
    bottom,
    ceiling,
    /**
     * The box contains all reachable points whose loss is at most this. The value is `ceiling`, or less if `maxCells`
     * was too small.
     */
    filled: Math.min(filled, ceiling),
  }
}

export type ReachableRegion = ReturnType<typeof reachableRegion>

const maxCellsPerAxis = 2 ** 25

/** The key is a number, because strings would be slower. */
function keyOf(place: readonly number[]): number {
  return place.reduce((key, k) => key * maxCellsPerAxis + k, 0)
}
