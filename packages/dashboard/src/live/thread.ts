/** The build sets the file name of the thread, and puts the file beside the page. */
declare const THREAD_FILE: string

export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}
