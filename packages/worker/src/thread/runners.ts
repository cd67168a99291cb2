import type { Lease } from '@driftfarm/database'
import {
  type BatchResult,
  Kernel,
  kernelBytes,
  layoutOf,
  type NativeAdvance,
  type ObservedPlan,
  observedPlan,
  type PreparedCell,
  prepare,
  type RecordLayout,
  type RunOptions,
  runReference,
  type TrainedStore,
} from '@driftfarm/kernel'
import { type Cell, cellReader, trainedStart } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { bytesOf, hashesOf, weightOf } from '../dataCache.ts'
import { settings } from '../settings.ts'
import type { SliceTask } from '../task.ts'

/** `prepared` is the prepared cell if another thread has prepared it. */
export type RunnerTask = Pick<Lease, 'cell' | 'canonical' | 'observe'> &
  Pick<SliceTask, 'engine' | 'tables' | 'prepared'> & {
    /** The native step loop of the shape, for a runner that uses it. */
    readonly native?: NativeAdvance
  }

export interface CellRunner {
  readonly cell: Cell
  readonly runner: Runner
  /** The shape of the cell; empty for the reference. */
  readonly shape: string
  /** The key of the training run for all trials of the cell, if it is kept between processes. */
  readonly training: string | null
}

interface Instance {
  readonly kernel: Kernel
  loaded: PreparedCell
}

class Bounded<T extends object> extends LRUCache<string, { readonly value: T; readonly bytes: number }> {
  constructor() {
    super({
      max: settings.kernels,
      maxSize: settings.kernelDataBytes,
      sizeCalculation: ({ bytes }) => weightOf(bytes, settings.kernelDataBytes),
    })
  }
}

/**
 * Cells with the same shape and data share one instance, which is reloaded for each cell.
 * Reloading takes a microsecond or two; creating an instance takes more than a hundred (`npm run bench small-cells`).
 */
export class Runners {
  private readonly cells = new Bounded<CellRunner>()
  private readonly instances = new Bounded<Instance>()
  private readonly read = cellReader()

  /**
   * If `moduleOf` has no module for the shape of the cell, returns the prepared cell,
   * whose source must be compiled first. Throws a KernelError if the cell cannot be computed.
   */
  find(
    { engine, native, cell: id, canonical, observe, tables, prepared }: RunnerTask,
    moduleOf: (shape: string) => WebAssembly.Module | undefined,
    store?: TrainedStore,
  ): CellRunner | PreparedCell {
    const key = [native === undefined ? engine : 'native', id, ...observe].join(' ')
    const known = this.cells.get(key)
    if (known !== undefined) return known.value
    const cell = this.read(canonical)
    let runner: Runner
    let kept: string | null = null
    let shape = ''
    if (engine === 'reference')
      runner = {
        layout: layoutOf(cell),
        observed: observedPlan(cell, observe),
        run: (first, count, options) => runReference(cell, first, count, { ...options, tables, observe }),
      }
    else {
      // The other thread may have prepared the training run of the cell.
      const isReady = prepared !== null && (prepared.training === null) === (trainedStart(cell) === null)
      const ready = isReady ? prepared : prepare(cell, tables, observe, { native: native !== undefined })
      shape = ready.shape
      for (const each of [ready.training?.prepared, ready])
        if (each !== undefined && moduleOf(each.shape) === undefined) return each
      const { training } = ready
      const module = training && moduleOf(training.prepared.shape)!
      const whole = training === null ? ready : { ...ready, training: { ...training, module, store } }
      if (training?.perTrial === false && store !== undefined) kept = training.key
      runner = this.runnerOf(moduleOf(shape)!, whole, hashesOf(tables), native)
    }
    const value = { cell, runner, shape, training: kept }
    this.cells.set(key, { value, bytes: bytesOf(tables) })
    return value
  }

  private runnerOf(
    module: WebAssembly.Module,
    prepared: PreparedCell,
    data: string,
    native: NativeAdvance | undefined,
  ): Runner {
    // The memory of an instance never shrinks. The key includes the data, so that an instance that has grown
    // for a large data set is not reused for a small one.
    const key = `${prepared.shape} ${data}`
    return {
      layout: prepared.layout,
      observed: prepared.observed,
      run: (first, count, options) => {
        const instance = this.instanceOf(key, module, prepared, native)
        try {
          if (instance.loaded !== prepared) instance.kernel.load(prepared)
          instance.loaded = prepared
          return instance.kernel.run(first, count, options)
        } catch (error) {
          // The memory of the instance may be partly written, so it is not reused.
          this.instances.delete(key)
          throw error
        }
      },
    }
  }

  private instanceOf(
    key: string,
    module: WebAssembly.Module,
    prepared: PreparedCell,
    native: NativeAdvance | undefined,
  ): Instance {
    const known = this.instances.get(key)
    if (known !== undefined) return known.value
    const value = { kernel: Kernel.create(module, prepared, native), loaded: prepared }
    this.instances.set(key, { value, bytes: kernelBytes(prepared) })
    return value
  }
}

export interface Runner {
  readonly observed: ObservedPlan
  readonly layout: RecordLayout
  run(first: number, count: number, options: RunOptions): BatchResult
}
