import type { Region } from './region.ts'

/** A segment of a line on which the same events hold throughout. */
export interface Segment<T = Region> {
  readonly from: number
  readonly to: number
  readonly region: T
}

export interface LineSampling {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly hints?: readonly number[]
}

/**
 * Cuts a line wherever it enters another region. The region is evaluated at points at most `step` apart and at each
 * hint. A segment that is narrower than `step` and contains no hint may be missed. Cuts are exact to the last digit.
 */
export function cutLine<T = Region>(
  regionAt: (t: number) => T,
  { from, to, step, hints = [] }: LineSampling,
): Segment<T>[] {
  const segments: Segment<T>[] = []
  let begin = from
  let last = from
  let region = regionAt(from)
  for (const t of samplePoints({ from, to, step, hints })) {
    const next = regionAt(t)
    // The region may change several times between two evaluations.
    while (region !== next) {
      const cut = firstChange(regionAt, last, t, region)
      segments.push({ from: begin, to: cut.at, region })
      begin = cut.at
      last = cut.at
      region = cut.region
    }
    last = t
  }
  segments.push({ from: begin, to, region })
  return segments
}

function samplePoints({ from, to, step, hints }: Required<LineSampling>): number[] {
  const count = Math.max(1, Math.ceil((to - from) / step))
  const even = Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count)
  const inside = hints.filter((hint) => hint > from && hint < to)
  return inside.length === 0 ? even : [...even, ...inside].sort((a, b) => a - b)
}

/** Bisects between `low`, which is in `region`, and `high`, which is not. */
function firstChange<T>(
  regionAt: (t: number) => T,
  low: number,
  high: number,
  region: T,
): { readonly at: number; readonly region: T } {
  let inside = low
  let outside = high
  for (;;) {
    const middle = 0.5 * (inside + outside)
    if (middle <= inside || middle >= outside) return { at: outside, region: regionAt(outside) }
    if (regionAt(middle) === region) inside = middle
    else outside = middle
  }
}
