import { layoutOf } from '@driftfarm/kernel'
import { beginningOf, type Cell, stepSamples } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'

/** The properties of a cell that estimates need. Cells that differ only in their update have the same context. */
export type EstimateContext = Readonly<ReturnType<typeof contextOf>>

const known = new LRUCache<string, EstimateContext>({ max: 256 })

/**
 * Reads the context from the canonical JSON of a cell. Cells with the same context get the same object from a cache.
 */
export function estimateContextOf(canonical: string): EstimateContext {
  const key = beginningOf(canonical)
  const context = known.get(key) ?? contextOf(JSON.parse(canonical) as Cell)
  known.set(key, context)
  return context
}

function contextOf(cell: Cell) {
  const { landscape, method, trial, streams, seed } = cell
  return {
    method: method.kind,
    trial,
    layout: layoutOf(cell),
    /** Number of samples whose gradients one step evaluates; see `stepSamples`. */
    samples: stepSamples(landscape),
    /** `method.tilt.original`: the share of trials that keep the original noise; 0 if the method is not `tilt`. */
    original: method.kind === 'tilt' ? method.original : 0,
    /**
     * The seed of common streams: cells with the same seed share the noise of trials with equal index. Null if the
     * cell has independent streams.
     */
    commonSeed: streams === 'common' ? seed : null,
  }
}

export type MethodLayout = Pick<EstimateContext, 'method' | 'layout'>

/** The value for `farm.sweep.layout`. */
export const methodLayoutJson = ({ method, layout }: MethodLayout): string => JSON.stringify({ method, layout })
