import type { ModuleOf, PreparedCell } from '@driftfarm/kernel'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'
import { shapeBytes } from './thread/compile.ts'

/**
 * Modules for who computes without a worker: as the workers of the home have kept them in `folder`, or compiled and
 * kept for them. Null keeps none.
 */
export function keptModules(folder: string | null): ModuleOf {
  const modules = new LRUCache<string, WebAssembly.Module, PreparedCell>({
    max: settings.modules,
    // One that is pushed out while it is being made still serves those who wait for it.
    ignoreFetchAbort: true,
    fetchMethod: async (_shape, _module, { context: { shape, source } }) =>
      new WebAssembly.Module((await shapeBytes({ shape, source, folder })) as BufferSource),
  })
  return (prepared) => modules.forceFetch(prepared.shape, { context: prepared })
}
