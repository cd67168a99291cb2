/** The file name of the thread's module, beside the page; defined by the build. */
declare const THREAD_FILE: string

/** Starts a thread of the browser that computes trials of the farm's cells and of the playground. */
export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}
