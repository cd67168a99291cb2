import { type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { shapeBytes } from './thread/compile.ts'

/**
 * Returns a source of modules for callers that compute without a worker. A module is read from `folder`, the cache that
 * the workers of a home also use. If it is not there, it is compiled and stored there. If `folder` is null, modules are
 * compiled and not stored.
 */
export function cachedModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}
