import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { homeFolder } from '@driftfarm/database'
import type { ModuleOf } from '@driftfarm/kernel'
import { keptModules } from '@driftfarm/worker'
import type { Shell } from './shell.ts'

/** Where a home keeps compiled kernels. */
export const cacheFolder = (home: string): string => join(home, 'cache')

/** Modules as the workers of this home have kept them; no home is made for them. */
export function modulesOf({ env, cwd }: Pick<Shell, 'env' | 'cwd'>): ModuleOf {
  const home = homeFolder(env, cwd)
  return keptModules(existsSync(home) ? cacheFolder(home) : null)
}
