import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ModuleOf, PreparedCell } from '@driftfarm/kernel'
import { keptModules, shapeBytes } from '@driftfarm/worker'

/** Where a home keeps compiled kernels. */
export const cacheFolder = (home: string): string => join(home, 'cache')

/** Modules as the workers of this home have kept them; no home is made for them. */
export const modulesOf = (home: string): ModuleOf => keptModules(existsSync(home) ? cacheFolder(home) : null)

/** The bytes of modules, as the workers of this home have kept them; compiled where they have not. */
export const moduleBytesOf =
  (home: string) =>
  ({ shape, source }: PreparedCell): Promise<Uint8Array> =>
    shapeBytes({ shape, source, folder: existsSync(home) ? cacheFolder(home) : null })
