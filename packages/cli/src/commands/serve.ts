import { command } from '../command.ts'
import { choice, valued } from '../options/option.ts'
import { duration, durationOrAuto } from '../options/parse.ts'
import {
  batch,
  bundle,
  bundlesPerSecond,
  connections,
  engine,
  http,
  listen,
  log,
  publicUrl,
  shortThreads,
  threads,
} from '../options/shared.ts'

const served = { listen, http, publicUrl, log }

export const up = command({
  name: 'up',
  arguments: [],
  summary: 'run database, coordinator, worker and API on this machine until Ctrl-C',
  options: { threads, shortThreads, bundlesPerSecond, ...served },
  examples: ['up --threads 4'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'up', options),
})

export const coordinator = command({
  name: 'coordinator',
  arguments: [],
  summary: 'run a coordinator until Ctrl-C. It plans sweeps, dispatches work to workers and serves the API',
  options: { batch, bundle, shortThreads, bundlesPerSecond, ...served },
  examples: ['coordinator', 'coordinator --listen 0.0.0.0:8080 --log info'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'coordinator', options),
})

export const worker = command({
  name: 'worker',
  arguments: [],
  summary: 'run a worker until Ctrl-C. It computes batches of any sweep',
  options: {
    threads,
    connections,
    timeLimit: valued(
      '<duration>',
      'maximum running time, e.g. 55m, or auto for the time limit of the SLURM job. The worker starts only ' +
        'work that it can finish in this time',
      durationOrAuto,
    ),
    idleTimeout: valued('<duration>', 'exit after this time without work, e.g. 5m (default: never)', duration),
    onServerLost: choice(
      '<how>',
      'what to do if the database has not answered for 30 s (default: keep waiting). stop: exit at once. finish: ' +
        'complete the running bundles, try for 5 minutes to store them, then exit',
      ['finish', 'stop'],
    ),
    engine,
  },
  examples: ['worker --threads 8', 'worker --time-limit auto --idle-timeout 5m --on-server-lost finish'],
  kinds: [],
  act: async (shell, options) => (await import('./serve/serve.ts')).serve(shell, 'worker', options),
})
