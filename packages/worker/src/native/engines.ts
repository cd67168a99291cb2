import type { Lease } from '@driftfarm/database'
import type { Tables } from '@driftfarm/spec'
import { WorkerError } from '../error.ts'
import { settings } from '../settings.ts'
import type { EngineReport, NativeTask, NativeUse } from '../task.ts'
import { findTarget, type Target, targetWords } from './target.ts'

export interface NativeOptions {
  /** `auto`: native lanes where they are possible and faster. `require`: shapes that cannot have them fail. */
  readonly mode: 'auto' | 'require'
  /** The compiler, by name or path; by default clang or gcc. */
  readonly compiler?: string | undefined
}

interface Shape {
  stage: 'measuring' | 'compiling' | 'trying' | 'native' | 'wasm'
  file: string | null
  /** Why WebAssembly computes the shape, or how much faster native code is. */
  why: string
  /** Trials on WebAssembly before the engines were compared, and their processor time in s. */
  trials: number
  seconds: number
  /** Processor times of the trials that both engines computed, in s. */
  wasm: number
  native: number
  /** Number of batches since both engines last computed the same one. */
  unchecked: number
}

export interface EnginesOptions extends NativeOptions {
  /** Compiles in a thread: the file of a library, or why there is none. */
  readonly compile: (
    task: Pick<NativeTask, 'lease' | 'tables' | 'target'>,
  ) => Promise<{ file: string } | { why: string }>
  readonly afterMs: number
  readonly onTrouble: (error: Error) => void
}

/**
 * Decides for each shape which engine computes it. A shape starts on WebAssembly. Once it has taken `afterMs` of
 * processor time, its step loop is compiled to native code. The next batches are computed on both engines, and the
 * faster one is kept. If results differ, native code is never used for this shape again.
 */
export class Engines {
  private readonly shapes = new Map<string, Shape>()
  private target: Promise<Target | { readonly missing: string }> | null = null
  private found: Target | { readonly missing: string } | null = null

  constructor(private readonly options: EnginesOptions) {}

  /** Throws a WorkerError if native lanes are required and this machine cannot have them. */
  async ready(): Promise<void> {
    if (this.options.mode !== 'require') return
    const target = await this.targetOf()
    if ('missing' in target) throw new WorkerError('NATIVE_MISSING', target.missing)
  }

  /** How the threads compute the shapes of the next slice. */
  uses(): NativeUse[] {
    return [...this.shapes].flatMap(([shape, { stage, file, unchecked, why, trials, seconds }]): NativeUse[] => {
      const isRefused = stage === 'wasm' && file === null && this.options.mode === 'require'
      if (stage !== 'trying' && stage !== 'native' && !isRefused) return []
      const compares = stage === 'trying' || (stage === 'native' && unchecked >= settings.nativeCheckBatches)
      const blocks = Math.ceil((settings.nativeTrialSeconds * trials) / (8 * seconds))
      return [{ shape, file, compares: compares ? 8 * blocks : null, why }]
    })
  }

  /** Takes the reports of a slice. `leases` are its batches. */
  take(reports: readonly EngineReport[], leases: readonly Lease[], tables: Tables): void {
    for (const report of reports) {
      const shape = this.shapeOf(report.shape)
      shape.unchecked++
      if (shape.stage === 'measuring' || shape.stage === 'compiling') {
        shape.seconds += report.seconds
        shape.trials += leases[report.place]!.count
      }
      if (report.failure !== null) this.drop(shape, 'NATIVE_FAILED', report.failure)
      else if (report.compared !== null) this.compare(shape, report, leases[report.place])
      else if (shape.stage === 'measuring' && 1_000 * shape.seconds >= this.options.afterMs) {
        shape.stage = 'compiling'
        shape.why = 'native lanes are being compiled'
        void this.compile(shape, leases[report.place]!, tables)
      }
    }
  }

  /** Says in a line which engine computes how many shapes, and why not the other; null if no shape has run for long. */
  get words(): string | null {
    const all = [...this.shapes.values()]
    if (all.every(({ stage }) => stage === 'measuring')) return null
    const native = all.filter(({ stage }) => stage === 'native')
    const counts = new Map<string, number>()
    for (const { stage, why } of all) if (stage !== 'native') counts.set(why, (counts.get(why) ?? 0) + 1)
    const of = (count: number) => (all.length === 1 ? '' : ` for ${count} of ${all.length} shapes`)
    const lanes = this.found !== null && !('missing' in this.found) ? ` (${targetWords(this.found)})` : ''
    return [
      ...(native.length > 0 ? [`native lanes${lanes}${of(native.length)}, ${native[0]!.why}`] : []),
      ...[...counts].map(([why, count]) => `WebAssembly${of(count)}: ${why}`),
    ].join('; ')
  }

  private compare(shape: Shape, { compared }: EngineReport, lease: Lease | undefined): void {
    const { difference, wasm, native } = compared!
    shape.unchecked = 0
    if (difference !== null) {
      const where = lease && `cell ${lease.cell}, trials ${lease.first} to ${lease.first + lease.count - 1}: `
      this.drop(shape, 'NATIVE_DIFFERS', `${where ?? ''}${difference}`)
    }
    if (shape.stage !== 'trying') return
    shape.wasm += wasm
    shape.native += native
    if (shape.wasm < settings.nativeTrialSeconds) return
    const ratio = shape.wasm / shape.native
    shape.stage = ratio > settings.nativeLeastGain ? 'native' : 'wasm'
    const times = `${ratio.toFixed(2)} times as fast`
    shape.why = shape.stage === 'native' ? `${times} as WebAssembly` : `native lanes are only ${times}`
  }

  private drop(shape: Shape, code: 'NATIVE_DIFFERS' | 'NATIVE_FAILED', message: string): void {
    // Several threads may report the same defect.
    if (shape.stage !== 'wasm') this.options.onTrouble(new WorkerError(code, message))
    shape.stage = 'wasm'
    shape.why = code === 'NATIVE_DIFFERS' ? 'native lanes gave another result' : `native lanes failed: ${message}`
  }

  private async compile(shape: Shape, lease: Lease, tables: Tables): Promise<void> {
    const target = await this.targetOf()
    const made =
      'missing' in target
        ? { why: target.missing }
        : await this.options
            .compile({ lease, tables, target })
            .catch((error: unknown) => ({ why: `native lanes could not be compiled: ${(error as Error).message}` }))
    shape.stage = 'file' in made ? 'trying' : 'wasm'
    if ('file' in made) shape.file = made.file
    shape.why = 'why' in made ? made.why : 'both engines are being compared'
  }

  private async targetOf(): Promise<Target | { readonly missing: string }> {
    this.target ??= findTarget(this.options.compiler)
    this.found = await this.target
    return this.found
  }

  private shapeOf(name: string): Shape {
    let shape = this.shapes.get(name)
    if (shape === undefined) {
      const why = `native lanes are compiled after ${this.options.afterMs / 1_000} s of computing`
      shape = { stage: 'measuring', file: null, why, trials: 0, seconds: 0, wasm: 0, native: 0, unchecked: 0 }
      this.shapes.set(name, shape)
    }
    return shape
  }
}
