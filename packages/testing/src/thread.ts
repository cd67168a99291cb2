import { existsSync } from 'node:fs'

const built = new URL('../../cli/dist/thread.js', import.meta.url)

/** The built computing thread, which loads ten times faster than the sources. Without a build, the sources are used. */
export const threadFile = existsSync(built) ? built : new URL('../../worker/src/thread.ts', import.meta.url)
