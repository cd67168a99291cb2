import { expect, test } from 'vitest'
import { threadsOfJob } from './threadsOfJob.ts'

test('the number of threads is that of the SLURM job', () => {
  expect(threadsOfJob({})).toBeUndefined()
  expect(threadsOfJob({ SLURM_CPUS_ON_NODE: '64' })).toBe(64)
  expect(threadsOfJob({ SLURM_CPUS_ON_NODE: '64', SLURM_CPUS_PER_TASK: '8' })).toBe(8)
  expect(threadsOfJob({ SLURM_CPUS_PER_TASK: 'many' })).toBeUndefined()
})
