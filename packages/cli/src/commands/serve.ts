import { command } from '../command.ts'
import { batch, bundle, engine, threads } from '../options/shared.ts'

/** The commands that run until a signal. They differ in the parts that they start. */
export const up = command({
  name: 'up',
  arguments: [],
  summary: 'database, coordinator and worker on this machine, until Ctrl-C',
  options: { threads },
  examples: ['up --threads 4'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'up', options),
})

export const coordinator = command({
  name: 'coordinator',
  arguments: [],
  summary: 'the part that plans, feeds and decides, until Ctrl-C',
  options: { batch, bundle },
  examples: ['coordinator'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'coordinator', options),
})

export const worker = command({
  name: 'worker',
  arguments: [],
  summary: 'compute batches of any sweep, until Ctrl-C',
  options: { threads, engine },
  examples: ['worker --threads 8'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'worker', options),
})
