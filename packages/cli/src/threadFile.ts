/** The thread's own file: beside the bundle, or, run from sources, the worker's source file. */
export function threadFile(): URL | undefined {
  return process.env.DRIFTFARM_BUNDLED === '1' ? new URL('./thread.js', new URL('.', bundleUrl())) : undefined
}

/** Chunks of the bundle lie one folder below the files that are entered. */
function bundleUrl(): string {
  return import.meta.url.includes('/chunks/') ? new URL('..', import.meta.url).href : import.meta.url
}
