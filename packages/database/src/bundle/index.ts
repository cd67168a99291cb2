import { fileURLToPath } from 'node:url'

/**
 * The folder of the entry files of the bundled command; null if the command runs from source code. Chunks of the bundle
 * are in a subfolder.
 */
export const bundleFolder: URL | null =
  process.env.DRIFTFARM_BUNDLED === '1'
    ? new URL(import.meta.url.includes('/chunks/') ? '..' : '.', import.meta.url)
    : null

/** A folder that set-up fills, beside the entry files of the command that was built in this checkout. */
export const setUpFolder = (name: string): string =>
  fileURLToPath(new URL(`${name}/`, bundleFolder ?? new URL('../../../cli/dist/', import.meta.url)))
