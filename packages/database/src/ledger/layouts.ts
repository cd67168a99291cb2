import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import { beginningOf, type Cell, type Method, stepSamples } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { parseTexts } from '../connection/values.ts'

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

const lists = ['exits', 'minima', 'classes', 'marks'] as const

/** U+001F, which no name contains. */
const separator = '\u001f'

/** SQL: the layout of cell c as text. JSON would take twice as long. */
export const layoutText = `concat_ws(chr(31), ${lists.map((list) => `c.${list}::text`).join(', ')}, c.horizon)`

let latest: { readonly text: string; readonly method: Method['kind']; readonly layout: RecordLayout } | undefined

/**
 * If text and method equal those of the last call, the object of that call is returned, so callers can compare layouts
 * by identity. Most neighbouring cells share their layout.
 */
export function layoutFrom(text: string, method: Method['kind']): RecordLayout {
  if (latest?.text === text && latest.method === method) return latest.layout
  const parts = text.split(separator)
  const [exits = [], minima = [], classes = [], marks = []] = lists.map((_, i) => parseTexts(parts[i]!) as string[])
  const horizon = Number(parts[lists.length])
  const layout = { exits, minima, classes, marks, bytes: 48 + 8 * marks.length, horizon, ...valuedBy(method) }
  latest = { text, method, layout }
  return layout
}

/** The field `valued` as `layoutOf` sets it for a cell with this method. */
function valuedBy(method: Method['kind']): Pick<RecordLayout, 'valued'> {
  if (method === 'direct') return {}
  return { valued: method === 'splitting' ? 'replicas' : 'weights' }
}

export interface MethodLayout {
  readonly method: Method['kind']
  readonly layout: RecordLayout
}

/** Determines, cell by cell, the method and the layout that all cells of a sweep share. */
export class SharedLayout {
  #last: EstimateContext | null = null
  /** Undefined before the first cell; null if the layouts differ. */
  #text: string | null | undefined = undefined

  see(context: EstimateContext): void {
    if (this.#text === null || context === this.#last) return
    this.#last = context
    const text = JSON.stringify({ method: context.method, layout: context.layout } satisfies MethodLayout)
    this.#text = this.#text === undefined || this.#text === text ? text : null
  }

  /** The value for `farm.sweep.layout`. */
  text(): string | null {
    return this.#text ?? null
  }
}

export const methodLayoutText = `concat_ws(chr(31), c.method, ${layoutText})`

export function methodLayoutFrom(text: string): MethodLayout {
  const at = text.indexOf(separator)
  const method = text.slice(0, at) as Method['kind']
  return { method, layout: layoutFrom(text.slice(at + 1), method) }
}
