import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ModuleOf } from '@driftfarm/kernel'
import { keptModules } from '@driftfarm/worker'

/** Where a home keeps compiled kernels. */
export const cacheFolder = (home: string): string => join(home, 'cache')

/** Modules as the workers of this home have kept them; no home is made for them. */
export const modulesOf = (home: string): ModuleOf => keptModules(existsSync(home) ? cacheFolder(home) : null)
