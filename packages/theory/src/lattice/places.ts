import type { Region, RegionAt } from '../question/course.ts'
import { refuse } from '../refusal.ts'

/** The relative difference up to which two points count as one, because paths to one point differ by rounding. */
const rounding = 1e-12
/**
 * Two points count as one only if they also differ by at most this share of the move that led to the later point.
 * Without this limit, a very small move would count as no move.
 */
const ofMove = 1e-3
/** A coordinate whose absolute value is below this is about to underflow. */
const faint = 1e-290
/**
 * Maximum number of places with a coordinate below `faint`. Numbers below the normal range of doubles do not form a
 * lattice, because each path leads to a different number.
 */
const maxFaintPlaces = 1000
/**
 * Points are looked up by cell: a coordinate is multiplied by this factor and truncated. The factor is not a simple
 * ratio, so the edges of cells do not coincide with points of common lattices.
 */
const stretch = 1.3819660112501051

/** Points that differ only by rounding count as one place, represented by the first point. */
export class Places {
  /** `off` is the largest difference of each coordinate at which another point counts as this one. */
  private readonly all: { readonly point: Float64Array; readonly region: Region; readonly off: Float64Array }[] = []
  private readonly faint = new Set<number>()
  private readonly known = new Map<string, number[]>()
  /**
   * The largest relative difference between the coordinates of two merged points; 0 if merged points were always
   * identical bit for bit.
   */
  apart = 0
  private checked = 0

  constructor(private readonly regionAt: RegionAt) {}

  get size(): number {
    return this.all.length
  }

  point(place: number): Float64Array {
    return this.all[place]!.point
  }

  region(place: number): Region {
    return this.all[place]!.region
  }

  isFaint(place: number): boolean {
    return this.faint.has(place)
  }

  get allRegions(): readonly Region[] {
    return [...new Set(this.all.map(({ region }) => region))]
  }

  begin(start: readonly number[]): number {
    return this.reach(Float64Array.from(start), start)
  }

  /**
   * `from` is the point before the step. Refuses if an event holds at only one of two points that differ only by
   * rounding.
   */
  reach(point: Float64Array, from: ArrayLike<number>): number {
    const off = tolerances(point, from)
    const region = this.regionAt(point)
    const keys = region.finite ? keysOf(point, off) : ['none']
    for (const key of keys)
      for (const place of this.known.get(key) ?? []) {
        if (region.finite && !this.isNear(place, point, off)) continue
        if (this.region(place) !== region) refuse(boundaryText(point, this.point(place)))
        if (region.finite) this.note(place, point, from)
        return place
      }
    const place = this.size
    const [key] = keys as [string]
    const there = this.known.get(key)
    if (there === undefined) this.known.set(key, [place])
    else there.push(place)
    this.all.push({ point: Float64Array.from(point), region, off })
    if (point.some((x, i) => x !== from[i] && Math.abs(x) < faint && (x !== 0 || Math.abs(from[i]!) < faint))) {
      this.faint.add(place)
      if (this.faint.size > maxFaintPlaces)
        refuse(
          `the absolute value of a coordinate falls below ${faint}, almost too close to 0 for a double (underflow); ` +
            'let trials end before that (`converge: {within: ..}`)',
        )
    }
    return place
  }

  /** Refuses if rounding decides on which side of an event's boundary some place is. */
  requireOffBoundary(): void {
    if (this.apart > 0) for (; this.checked < this.size; this.checked++) this.requireOff(this.checked)
  }

  private requireOff(place: number): void {
    const { point, region, off } = this.all[place]!
    const near = Float64Array.from(point)
    for (const [i, x] of point.entries())
      for (const side of [x - off[i]!, x + off[i]!]) {
        near[i] = side
        if (this.regionAt(near) !== region) refuse(boundaryText(near, point))
        near[i] = x
      }
  }

  private isNear(place: number, point: Float64Array, off: Float64Array): boolean {
    const there = this.point(place)
    for (let i = 0; i < off.length; i++) if (!(Math.abs(there[i]! - point[i]!) <= off[i]!)) return false
    return true
  }

  private note(place: number, point: Float64Array, from: ArrayLike<number>): void {
    const there = this.point(place)
    for (let i = 0; i < point.length; i++) {
      const distance = Math.abs(there[i]! - point[i]!)
      if (distance > 0) this.apart = Math.max(this.apart, distance / Math.max(Math.abs(point[i]!), Math.abs(from[i]!)))
    }
  }
}

/** Returns, for each coordinate, the largest difference at which `point` and a known place count as one. */
function tolerances(point: Float64Array, from: ArrayLike<number>): Float64Array {
  let longest = 0
  for (let i = 0; i < point.length; i++) longest = Math.max(longest, Math.abs(point[i]! - from[i]!))
  return point.map((x, i) => {
    const move = Math.abs(x - from[i]!)
    return Math.min(rounding * Math.max(Math.abs(x), Math.abs(from[i]!)), ofMove * (move > 0 ? move : longest))
  })
}

const bits = new Float64Array(1)
const words = new Int32Array(bits.buffer)

/** The width of a cell is about a millionth of the coordinate. */
function cellOf(x: number): number {
  bits[0] = x * stretch
  return words[1]!
}

function keysOf(point: Float64Array, off: Float64Array): string[] {
  let keys = ['']
  for (let i = 0; i < point.length; i++) {
    const x = point[i]!
    const cells = Math.abs(x) <= off[i]! ? [0] : [...new Set([cellOf(x), cellOf(x - off[i]!), cellOf(x + off[i]!)])]
    keys = keys.flatMap((key) => cells.map((cell) => `${key},${cell}`))
    if (keys.length > maxKeys) refuse(`because of rounding, more than ${maxKeys} lattice cells may contain a point`)
  }
  return keys
}

const maxKeys = 256

function boundaryText(point: ArrayLike<number>, other: ArrayLike<number>): string {
  const shown = (of: ArrayLike<number>) => `(${Array.from(of).slice(0, 4).join(', ')}${of.length > 4 ? ', ..' : ''})`
  return (
    `points ${shown(point)} and ${shown(other)} differ only by rounding, but an event holds at only one of them; ` +
    'move the boundary of the event away from points that trials reach'
  )
}
