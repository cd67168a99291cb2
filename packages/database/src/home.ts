import { resolve } from 'node:path'

/** The folder of the embedded database, absolute: DRIFTFARM_HOME, else `.driftfarm` in the working folder. */
export function homeFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const home = env.DRIFTFARM_HOME?.trim()
  return resolve(cwd, home ? home : '.driftfarm')
}
