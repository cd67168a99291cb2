import type { Cell, DataTable } from '@driftfarm/spec'
import { compile } from './compile.ts'
import { Kernel } from './kernel.ts'
import { type PreparedCell, prepare } from './prepare.ts'

/**
 * Where the module of a shape comes from: compiling takes a tenth of a second and more, and keeping what was compiled
 * is up to whoever asks.
 */
export type ModuleOf = (prepared: PreparedCell) => WebAssembly.Module | Promise<WebAssembly.Module>

/** Compiles it each time. */
export async function compiledModule({ source }: Pick<PreparedCell, 'source'>): Promise<WebAssembly.Module> {
  return new WebAssembly.Module((await compile(source)) as BufferSource)
}

/**
 * A cell as what runs its trials. `data` are the samples that the landscape names by their hash, if it has any. Throws
 * a KernelError for what cannot be computed.
 */
export async function kernelOf(
  cell: Cell,
  data: DataTable | null = null,
  module: ModuleOf = compiledModule,
): Promise<Kernel> {
  const prepared = prepare(cell, data)
  return Kernel.create(await module(prepared), prepared)
}
