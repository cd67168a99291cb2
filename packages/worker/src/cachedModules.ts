import { type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { shapeBytes } from './thread/compile.ts'

/**
 * Returns a function that provides modules to callers that compute without a worker. It reads a module from `folder`,
 * the cache that the workers of a home also use. A module that is missing there is compiled and stored. If `folder` is
 * null, modules are compiled but not stored.
 */
export function cachedModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}
