import { type Cell, type Tables, trainedStart } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { withPoint } from '../model/start.ts'
import { Kernel, knownTraining } from './kernel.ts'
import { type PreparedCell, prepare } from './prepare.ts'
import type { TrainedStore } from './training.ts'

/** Provides the module of a shape. Compiling a module takes a tenth of a second or more. */
export interface ModuleOf {
  (prepared: PreparedCell): WebAssembly.Module | Promise<WebAssembly.Module>
  /** Where training runs are kept. Absent: in the memory of this process. */
  readonly trained?: TrainedStore | undefined
}

/** Many cells of a sweep share a shape, and the cells come in any order. */
const maxModules = 64

/**
 * Returns a function that provides modules and caches the modules of the 64 most recently used shapes. If several
 * callers wait for the same module, `bytesOf` is called only once. Errors are not cached.
 */
export function modulesBy(bytesOf: (prepared: PreparedCell) => Promise<Uint8Array>): ModuleOf {
  const modules = new LRUCache<string, WebAssembly.Module, PreparedCell>({
    max: maxModules,
    // If a module is evicted while it is being made, the waiting callers still get the module.
    ignoreFetchAbort: true,
    fetchMethod: async (_shape, _module, { context }) =>
      new WebAssembly.Module((await bytesOf(context)) as BufferSource),
  })
  return (prepared) => modules.forceFetch(prepared.shape, { context: prepared })
}

/** The module of a shape. It is compiled unless it is still cached. */
export const compiledModule = modulesBy(async ({ source }) => (await import('./compile.ts')).compile(source))

/** Adds the module of the training run, if there is one. */
export async function withTraining(prepared: PreparedCell, module: ModuleOf): Promise<PreparedCell> {
  const { training } = prepared
  if (training === null || training.module !== null) return prepared
  return { ...prepared, training: { ...training, module: await module(training.prepared), store: module.trained } }
}

/**
 * The kernel that runs the trials of a cell. `tables` are the tables that the cell needs. `observe`
 * lists the keys of values that trials observe (`observedKeys`). Throws a KernelError if the cell cannot be computed.
 */
export async function kernelOf(
  cell: Cell,
  tables: Tables = [],
  module: ModuleOf = compiledModule,
  observe: readonly string[] = [],
): Promise<Kernel> {
  const prepared = await withTraining(prepare(cell, tables, observe), module)
  return Kernel.create(await module(prepared), prepared)
}

/**
 * The cell with a point in place of a start that is stored, or that one training run gives to all trials, and how this
 * run ended. The streams of the trials are then other ones.
 */
export async function withKnownStart(cell: Cell, tables: Tables, module: ModuleOf = compiledModule) {
  if (trainedStart(cell)?.per !== 'cell') return { cell: withPoint(cell, tables), end: null }
  const { training } = await withTraining(prepare(cell, tables), module)
  const { theta, ends } = knownTraining(training!)!
  return { cell: withPoint(cell, tables, theta), end: ends[0]! }
}
