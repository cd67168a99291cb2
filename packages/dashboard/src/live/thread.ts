/** A thread of the browser that computes trials, of the farm's cells and of the playground's. */
export const createThread = (): Worker => new Worker(new URL('./thread.worker.ts', import.meta.url), { type: 'module' })
