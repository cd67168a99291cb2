import { existsSync } from 'node:fs'

const built = new URL('../../cli/dist/thread.js', import.meta.url)

/** The computing thread as it is built, which loads ten times faster than the sources; those where nothing is built. */
export const threadFile = existsSync(built) ? built : new URL('../../worker/src/thread.ts', import.meta.url)
