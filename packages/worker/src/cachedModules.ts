import { type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { shapeBytes } from './thread/compile.ts'

/**
 * Provides modules to callers that compute without a worker. `folder` is the cache that the workers of a home also use.
 * If `folder` is null, modules are compiled but not stored.
 */
export function cachedModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}
