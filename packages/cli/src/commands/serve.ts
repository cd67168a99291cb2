import { command } from '../command.ts'
import { batch, bundle, connections, engine, http, listen, log, publicUrl, threads } from '../options/shared.ts'

const served = { listen, http, publicUrl, log }

/** The commands that run until a signal. They differ in the parts that they start. */
export const up = command({
  name: 'up',
  arguments: [],
  summary: 'database, coordinator, worker and API on this machine, until Ctrl-C',
  options: { threads, ...served },
  examples: ['up --threads 4'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'up', options),
})

export const coordinator = command({
  name: 'coordinator',
  arguments: [],
  summary: 'the part that plans, feeds and decides, and serves the API, until Ctrl-C',
  options: { batch, bundle, ...served },
  examples: ['coordinator', 'coordinator --listen 0.0.0.0:8080 --log info'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'coordinator', options),
})

export const worker = command({
  name: 'worker',
  arguments: [],
  summary: 'compute batches of any sweep, until Ctrl-C',
  options: { threads, connections, engine },
  examples: ['worker --threads 8'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'worker', options),
})
