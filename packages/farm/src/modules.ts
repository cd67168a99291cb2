import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ModuleOf, PreparedCell } from '@driftfarm/kernel'
import { cachedModules, shapeBytes } from '@driftfarm/worker'

/** The folder for compiled kernels in a home. */
export const cacheFolder = (home: string): string => join(home, 'cache')

/** Provides modules from the cache of this home. If the home does not exist, it is not created. */
export const modulesOf = (home: string): ModuleOf => cachedModules(existsSync(home) ? cacheFolder(home) : null)

/** Provides the bytes of modules from the cache of this home, and compiles modules that are not in it. */
export const moduleBytesOf =
  (home: string) =>
  ({ shape, source }: PreparedCell): Promise<Uint8Array> =>
    shapeBytes({ shape, source, folder: existsSync(home) ? cacheFolder(home) : null })

export { ensureModule } from '@driftfarm/worker'
