import { type ModuleOf, modulesBy } from '@driftfarm/kernel'
import { shapeBytes } from './thread/compile.ts'

/**
 * Modules for callers that compute without a worker: as the workers of a home have kept them in `folder`, or compiled
 * and kept there. Null: compiled, and kept in no folder.
 */
export function keptModules(folder: string | null): ModuleOf {
  return modulesBy(({ shape, source }) => shapeBytes({ shape, source, folder }))
}
