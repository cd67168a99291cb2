import type { Cell } from '@driftfarm/spec'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { LRUCache } from 'lru-cache'
import type { Reading } from '../emit/readings.ts'
import { emit } from '../emit/source.ts'
import { landscapeCost } from '../model/cost.ts'
import { type Model, modelOf } from '../model/model.ts'
import { countNodesOf, roundsOf } from '../model/nodes.ts'
import { samplesOf } from '../model/samples.ts'
import { structureOf } from '../model/structure.ts'
import { formulaCost, updateCost } from '../model/updateCost.ts'
import { particleCell } from '../splitting/cell.ts'
import { assembly } from './assembly.generated.ts'
import type { ShapePlaces } from './memory.ts'

/** The parts that all prepared cells of one structure (`model/structure.ts`) share. */
export interface StructureParts {
  /** Hash of the source and of the runtime. */
  readonly shape: string
  readonly source: string
  /** Bytes that a lane needs to store the order of its samples; 0 unless the samples are shuffled. */
  readonly orderBytes: number
  readonly weighs: boolean
  readonly dimension: number
  readonly places: ShapePlaces
  readonly vectors: number
  readonly dataAt: number
  /** First address after everything that the cell needs. */
  readonly free: number
  /**
   * Number of steps after which a run checks the stop flag. In all lanes together, these steps take at most a
   * millisecond or two.
   */
  readonly slice: number
}

export interface Template extends StructureParts {
  readonly readings: readonly Reading[]
}

/** The cells of a sweep come in any order, but have few structures, so a small cache is enough. */
const maxTemplates = 64
/** Limit for all cached templates together. The source of a long formula can have a million characters. */
const maxCharacters = 2 ** 24

const templates = new LRUCache<string, Template>({
  max: maxTemplates,
  maxSize: maxCharacters,
  sizeCalculation: ({ source }, structure) => source.length + structure.length,
})

/** Throws a KernelError if the cell cannot be computed. */
export function templateOf(cell: Cell): Template {
  const structure = structureOf(cell)
  const known = templates.get(structure)
  if (known !== undefined) return known
  const made = makeTemplate(cell)
  templates.set(structure, made)
  return made
}

/** Takes milliseconds, because the loss is differentiated. Throws a KernelError if the cell cannot be computed. */
export function makeTemplate(cell: Cell): Template {
  const model = modelOf(particleCell(cell))
  const { source, readings, places, vectors, data, free } = emit(model)
  return Object.freeze({
    shape: shapeOf(source),
    source,
    orderBytes: orderBytesOf(cell),
    weighs: cell.method.kind === 'tilt',
    dimension: model.dimension,
    places,
    vectors,
    dataAt: data,
    free,
    slice: sliceOf(model, vectors),
    readings,
  })
}

function orderBytesOf(cell: Cell): number {
  const samples = samplesOf(cell)
  return samples?.batch?.sampling === 'shuffle' ? 4 * samples.rows : 0
}

let runtime: string | null = null

function shapeOf(source: string): string {
  runtime ??= hash(Object.entries(assembly).flat().join('\n'))
  return hash(`${runtime}\n${source}`)
}

function hash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}

/**
 * Estimates the number of steps per lane that take 2 ms for all lanes together, at 2 ns per node and lane. With many
 * powers in a formula, these steps take longer.
 */
function sliceOf(model: Model, vectors: number): number {
  const nodes = 40 + countNodesOf(model)
  const landscape = landscapeCost(model)
  const update = updateCost(model, landscape + formulaCost(model))
  const perStep = 2 * nodes * 2 * vectors * roundsOf(model) + (landscape + update) * vectors
  return Math.max(1, Math.min(1_000_000, Math.floor(2_000_000 / perStep)))
}
