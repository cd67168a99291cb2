/** Name of the file with the code of the thread. The build sets the name and puts the file beside the page. */
declare const THREAD_FILE: string

export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}
