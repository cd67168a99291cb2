import type { Cell, DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { compile } from './compile.ts'
import { Kernel } from './kernel.ts'
import { type PreparedCell, prepare } from './prepare.ts'

/** Where the module of a shape comes from: compiling takes a tenth of a second and more. */
export type ModuleOf = (prepared: PreparedCell) => WebAssembly.Module | Promise<WebAssembly.Module>

/** A sweep comes back to each of its shapes, cell after cell. */
const mostModules = 64

const modules = new LRUCache<string, WebAssembly.Module, string>({
  max: mostModules,
  // One that is pushed out while it is being made still serves those who wait for it.
  ignoreFetchAbort: true,
  fetchMethod: async (_shape, _module, { context: source }) =>
    new WebAssembly.Module((await compile(source)) as BufferSource),
})

/** Compiles a shape where it is not among those used last. */
export function compiledModule({ shape, source }: PreparedCell): Promise<WebAssembly.Module> {
  return modules.forceFetch(shape, { context: source })
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
