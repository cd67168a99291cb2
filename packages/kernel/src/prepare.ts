import type { Cell } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { assembly } from './assembly.generated.ts'
import { emit } from './emit/source.ts'
import type { ShapePlaces } from './memory.ts'
import { countNodesOf, type Model, modelOf } from './model.ts'
import { layoutOf, type RecordLayout } from './outcome.ts'
import { type StreamKey, streamKey } from './streams.ts'

/** All that a thread needs to run a cell, as plain values; cells of one `shape` share one compiled module. */
export interface PreparedCell {
  /** Content hash of the source and the runtime it is compiled with. */
  readonly shape: string
  /** AssemblyScript, for `compile`. */
  readonly source: string
  readonly layout: RecordLayout
  readonly key: StreamKey
  /** The numbers of the cell as the module reads them. */
  readonly numbers: readonly number[]
  readonly places: ShapePlaces
  readonly vectors: number
  /** Steps of all lanes that take about a millisecond: how often a run looks at its stop flag. */
  readonly slice: number
}

export function prepare(cell: Cell): PreparedCell {
  const model = modelOf(cell)
  const { source, numbers, places, vectors } = emit(model)
  return Object.freeze({
    shape: shapeOf(source),
    source,
    layout: layoutOf(cell),
    key: streamKey(cell),
    numbers,
    places,
    vectors,
    slice: sliceOf(model, vectors),
  })
}

function shapeOf(source: string): string {
  const runtime = Object.entries(assembly).map(([name, text]) => `${name}\n${text}\n`)
  return bytesToHex(sha256(utf8ToBytes([...runtime, source].join('\n'))))
}

/** From a generous cost of 4 ns a node and lane; never less than one step. */
function sliceOf(model: Model, vectors: number): number {
  const nodes = 40 + countNodesOf(model)
  const perStep = 4 * nodes * 2 * vectors * (model.unrolled ? 1 : model.dimension)
  return Math.max(1, Math.min(1_000_000, Math.floor(1_000_000 / perStep)))
}
