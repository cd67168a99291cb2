import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import { beginningOf, type Cell, type Method, stepSamples } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'

/** The properties of a cell that estimates need. They are equal in cells that differ only in their update. */
export interface EstimateContext {
  readonly method: Method['kind']
  readonly trial: Cell['trial']
  readonly layout: RecordLayout
  /** Number of samples that a step draws from; see `stepSamples`. */
  readonly samples: ReturnType<typeof stepSamples>
  /** The share of trials of the original process; 0 except for a tilt. */
  readonly original: number
  /**
   * The seed of common streams: cells with the same seed share the noise of trials with equal index. Null if the cell
   * has independent streams.
   */
  readonly commonSeed: string | null
}

const known = new LRUCache<string, EstimateContext>({ max: 256 })

/** Reads them from the canonical JSON of a cell, once for neighbours, which mostly differ only in their update. */
export function estimateContextOf(canonical: string): EstimateContext {
  const key = beginningOf(canonical)
  const found = known.get(key)
  if (found !== undefined) return found
  const cell = JSON.parse(canonical) as Cell
  const { landscape, method, trial, streams, seed } = cell
  const context: EstimateContext = {
    method: method.kind,
    trial,
    layout: layoutOf(cell),
    samples: stepSamples(landscape),
    original: method.kind === 'tilt' ? method.original : 0,
    commonSeed: streams === 'common' ? seed : null,
  }
  known.set(key, context)
  return context
}
