/** Where the page is built, the name of the module of threads, beside the page. */
declare const THREAD_FILE: string

/** A thread of the browser that computes trials, of the farm's cells and of the playground's. */
export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}
