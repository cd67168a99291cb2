import type { Environment } from './shell.ts'

/** Number of threads that SLURM gives the task; undefined outside SLURM. */
export function threadsOfJob(env: Environment): number | undefined {
  const cpus = Number(env.SLURM_CPUS_PER_TASK || env.SLURM_CPUS_ON_NODE)
  return Number.isInteger(cpus) && cpus > 0 ? cpus : undefined
}
