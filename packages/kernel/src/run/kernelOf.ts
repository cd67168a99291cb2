import type { Cell, DataTable } from '@driftfarm/spec'
import { LRUCache } from 'lru-cache'
import { compile } from './compile.ts'
import { Kernel } from './kernel.ts'
import { type PreparedCell, prepare } from './prepare.ts'

/** Provides the module of a shape. Compiling one takes a tenth of a second or more. */
export type ModuleOf = (prepared: PreparedCell) => WebAssembly.Module | Promise<WebAssembly.Module>

/** Number of cached modules. A sweep returns to each of its shapes for many cells. */
const maxModules = 64

/**
 * A source of modules that caches the 64 shapes used last. It gets the bytes of a shape from `bytesOf` once, however
 * many callers wait for them. Errors are not cached.
 */
export function modulesBy(bytesOf: (prepared: PreparedCell) => Promise<Uint8Array>): ModuleOf {
  const modules = new LRUCache<string, WebAssembly.Module, PreparedCell>({
    max: maxModules,
    // A module that is evicted while it is being made still reaches those that wait for it.
    ignoreFetchAbort: true,
    fetchMethod: async (_shape, _module, { context }) =>
      new WebAssembly.Module((await bytesOf(context)) as BufferSource),
  })
  return (prepared) => modules.forceFetch(prepared.shape, { context: prepared })
}

/** The module of a shape; compiles it unless it is among those used last. */
export const compiledModule = modulesBy(({ source }) => compile(source))

/**
 * The kernel that runs the trials of a cell. `data` are the samples that the landscape names by hash, if any. Throws a
 * KernelError if the cell cannot be computed.
 */
export async function kernelOf(
  cell: Cell,
  data: DataTable | null = null,
  module: ModuleOf = compiledModule,
): Promise<Kernel> {
  const prepared = prepare(cell, data)
  return Kernel.create(await module(prepared), prepared)
}
