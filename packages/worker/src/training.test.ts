import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { addDigests, runReference } from '@driftfarm/kernel'
import { modulesFolder } from '@driftfarm/testing/modules'
import { threadFile } from '@driftfarm/testing/thread'
import type { Piscina } from 'piscina'
import { expect, onTestFinished, test } from 'vitest'
import { leaseOf, resolve } from './cells.fixture.ts'
import { trainedFiles } from './kernelCache.ts'
import { Pool } from './pool.ts'
import { settings } from './settings.ts'
import type { SliceTask } from './task.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const text = (from: number, steps = 300, until = 'gradnorm < 1e-3') => `
version: 1
landscape: { preset: double-well }
start:
  train: { from: [${from}], update: { eta: 0.05, drift: { sigma: 0.3 } }, until: "${until}", steps: ${steps} }
update: { eta: 0.1, drift: { sigma: 1.5 } }
trial: { steps: 200, escape: "x >= 0" }
trials: 400`

const trained = (...given: Parameters<typeof text>) => {
  const { cell, id, canonical } = resolve(text(...given)).cell(0)
  return { cell, lease: (first: number) => leaseOf({ first, count: 100 }, { cell: id, canonical }) }
}

/** The digest of 400 trials in four bundles at the same time, and what the pool told its threads about training. */
async function computed(folder: string, { lease }: ReturnType<typeof trained>) {
  const pool = new Pool({ threads: 2, threadFile, cacheFolder: folder })
  onTestFinished(() => pool.close())
  const { piscina } = pool as unknown as { piscina: Piscina }
  const sent: string[] = []
  const run = piscina.run.bind(piscina)
  piscina.run = (task: SliceTask, options) => {
    if (options?.name === 'run') sent.push(task.training)
    return run(task, options)
  }
  const each = await Promise.all([0, 100, 200, 300].map((first) => pool.compute([lease(first)])))
  const digests = each.flat().map((one) => {
    if (one.kind !== 'parts') throw new Error(JSON.stringify(one))
    return one.parts[0]!.digest
  })
  return { digest: digests.reduce(addDigests), trainings: sent.filter((turn) => turn === 'train').length }
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftfarm-training-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

if (full)
  test('one thread trains once, and later processes find the run by its content', async () => {
    const folder = await emptyFolder()
    const near = trained(-1.2)
    const expected = runReference(near.cell, 0, 400, { horizons: [] }).digest
    expect(await computed(folder, near)).toEqual({ digest: expected, trainings: 1 })
    const [key, ...more] = await readdir(join(folder, 'training'))
    expect(more).toEqual([])
    expect(await computed(folder, near)).toEqual({ digest: expected, trainings: 0 })

    // A planted run shows that the file is what later processes read. A damaged file is not read.
    const store = trainedFiles(folder)!
    expect(store.read(key!)!.ends).toEqual(['converged'])
    store.write(key!, { ends: ['converged'], theta: Float64Array.of(5) })
    const planted = await computed(folder, near)
    expect(planted.digest).not.toBe(expected)
    await rm(join(folder, 'training', key!))
    expect(await computed(folder, near)).toEqual({ digest: expected, trainings: 1 })
  })

test('a slice that waits for the training of another slice can be stopped', async () => {
  const { lease } = trained(-1.3, 1e12, 'gradnorm < 0')
  const pool = new Pool({ threads: 2, threadFile, cacheFolder: await emptyFolder() })
  onTestFinished(() => pool.close())
  const training = pool.compute([lease(0)])
  await expect.poll(() => pool.computing, { timeout: 60_000 }).toBe(1)
  const waiting = pool.compute([lease(100)])
  await expect.poll(() => pool.leases.length).toBe(2)
  await setTimeout(500)
  pool.stop('withdrawn', ({ first }) => first === 100)
  expect(await waiting).toEqual([{ kind: 'stopped', reason: 'withdrawn' }])
  expect(pool.computing).toBe(1)
  pool.stop('released')
  expect(await training).toEqual([{ kind: 'stopped', reason: 'released' }])
})

test('the oldest files make room, and a file that cannot be removed is no error', async () => {
  const folder = await emptyFolder()
  const store = trainedFiles(folder)!
  const path = (name: string) => join(folder, 'training', name)
  await mkdir(path('folder'), { recursive: true })
  await writeFile(path('large'), '')
  await truncate(path('large'), settings.trainingBytes)
  await utimes(path('large'), 2, 2)
  await utimes(path('folder'), 1, 1)
  store.write('new', { ends: ['converged'], theta: Float64Array.of(1) })
  expect((await readdir(join(folder, 'training'))).sort()).toEqual(['folder', 'new'])
})

if (full)
  test('if the folder cannot be written, trials are the same', async () => {
    const other = trained(-1.4)
    const expected = runReference(other.cell, 0, 400, { horizons: [] }).digest
    expect((await computed(join(modulesFolder() ?? '/dev/null', 'none', '\0'), other)).digest).toBe(expected)
  })

test('files of training keep how a run ended, and of a run without end only NaN', async () => {
  const store = trainedFiles(await emptyFolder())!
  expect(store.read('absent')).toBeNull()
  const theta = Float64Array.of(Number.NaN, -0, 5e-324)
  store.write('key', { ends: ['diverged'], theta })
  expect(store.read('key')).toEqual({ ends: ['diverged'], theta })
  expect(trainedFiles(null)).toBeUndefined()
})
