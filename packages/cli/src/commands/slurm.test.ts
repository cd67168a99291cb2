import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { needs } from '@driftfarm/testing/program'
import { expect, test } from 'vitest'
import { type Job, scriptOf, tasksOf, walltime } from './slurm.ts'

const job: Job = {
  spec: 'sweeps/double-well.yaml',
  changes: [],
  name: 'double-well',
  cpuSeconds: 100 * 3_600,
  cpus: 8,
  timeMs: 3_600_000,
  most: 200,
  shards: false,
}

test('the number of tasks follows from the processor time, from one to the maximum', () => {
  expect(tasksOf(job)).toEqual({ tasks: 16, suffice: true })
  expect(tasksOf({ ...job, cpuSeconds: 0 })).toEqual({ tasks: 1, suffice: true })
  expect(tasksOf({ ...job, most: 3 })).toEqual({ tasks: 3, suffice: false })
})

test('times as SLURM reads them', () => {
  expect([1, 60_000, 90_000, 3_600_000, 90 * 3_600_000].map(walltime)).toEqual([
    '00:01:00',
    '00:01:00',
    '00:02:00',
    '01:00:00',
    '90:00:00',
  ])
})

test.each([
  ['workers', job],
  ['shards', { ...job, shards: true }],
  [
    'a spec and a name that a shell would take apart',
    { ...job, spec: "it's a spec.yaml", name: 'a b; rm -rf *', changes: ['--set', 'update.eta=0.1'] },
  ],
  [
    'the same as shards',
    { ...job, shards: true, spec: "it's a spec.yaml", name: 'a b; rm -rf *', changes: ['--set', 'a=b c'] },
  ],
] as const)('bash reads the script: %s', needs('bash'), (_, given) => {
  const script = scriptOf(given)
  execFileSync('bash', ['-n'], { input: script })
  // SLURM reads its directives up to the first command.
  const lines = script.split('\n')
  const first = lines.findIndex((line) => line !== '' && !line.startsWith('#'))
  expect(lines.filter((line) => line.startsWith('#SBATCH')).length).toBeGreaterThan(6)
  expect(lines.slice(first).some((line) => line.startsWith('#SBATCH'))).toBe(false)
  expect(script).toContain('#SBATCH --array=1-16\n')
})

test('bash runs the given words', needs('bash'), () => {
  const script = scriptOf({ ...job, shards: true, spec: "it's a spec.yaml", changes: ['--set', 'name=a b'] })
  const told = script.replace('exec driftfarm', `printf '%s|'`)
  const env = { SLURM_ARRAY_TASK_ID: '7', HOME: '/home/me' }
  expect(execFileSync('bash', [], { input: told, env, encoding: 'utf8' })).toBe(
    "run|it's a spec.yaml|--set|name=a b|--shard|7/16|-o|double-well-7.driftfarm|",
  )
})

test('arguments after the file name go to the worker, and all tasks share a home', needs('bash'), () => {
  const told = scriptOf(job).replace('exec driftfarm', `printf '%s|' "$DRIFTFARM_HOME"`)
  const env = { DRIFTFARM_ACCESS: 'access.json', HOME: '/home/me' }
  const words = (more: object) =>
    execFileSync('bash', ['-s', '--', '--idle-timeout', '1m'], {
      input: told,
      env: { ...env, ...more },
      encoding: 'utf8',
    })
  expect(words({})).toBe(
    '/home/me/.cache/driftfarm|worker|--time-limit|auto|--idle-timeout|5m|--on-server-lost|finish|--idle-timeout|1m|',
  )
  expect(words({ DRIFTFARM_HOME: '/scratch/me' })).toMatch(/^\/scratch\/me\|worker\|/)
})

test('infra/slurm/worker.sbatch runs the same commands as a printed script', () => {
  const file = readFileSync(new URL('../../../../infra/slurm/worker.sbatch', import.meta.url), 'utf8')
  const run = (script: string) => script.slice(script.indexOf('\n\n')).trim()
  expect(run(file)).toBe(run(scriptOf(job)))
  for (const line of scriptOf(job).match(/^#SBATCH --(signal|requeue|output|open-mode).*$/gm)!)
    expect(file).toContain(`${line}\n`)
})
