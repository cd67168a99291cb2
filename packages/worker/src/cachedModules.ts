import { type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { shapeBytes } from './thread/compile.ts'

/**
 * Modules for callers that compute without a worker. They are read from `folder`, the cache of the workers of a home,
 * or compiled and stored there. If `folder` is null, modules are compiled and not stored.
 */
export function cachedModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}
