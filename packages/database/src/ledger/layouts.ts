import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import { beginningOf, type Cell, type Method, stepSamples } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'

/** The properties of a cell that estimates need. Cells that differ only in their update have the same context. */
export interface EstimateContext {
  readonly method: Method['kind']
  readonly trial: Cell['trial']
  readonly layout: RecordLayout
  /** Number of samples whose gradients one step evaluates; see `stepSamples`. */
  readonly samples: ReturnType<typeof stepSamples>
  /** `method.tilt.original`: the share of trials that keep the original noise; 0 if the method is not `tilt`. */
  readonly original: number
  /**
   * The seed of common streams: cells with the same seed share the noise of trials with equal index. Null if the cell
   * has independent streams.
   */
  readonly commonSeed: string | null
}

const known = new LRUCache<string, EstimateContext>({ max: 256 })

/**
 * Reads the context from the canonical JSON of a cell. Cells with the same context get the same object from a cache.
 */
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

export type MethodLayout = Pick<EstimateContext, 'method' | 'layout'>

/** The value for `farm.sweep.layout`. */
export const methodLayoutJson = ({ method, layout }: MethodLayout): string => JSON.stringify({ method, layout })
