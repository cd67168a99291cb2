/** Name of the file that contains the module of the thread. The file is beside the page; the build defines the name. */
declare const THREAD_FILE: string

/** Starts a thread of the browser that computes trials of the farm's cells and of the playground. */
export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}
