import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { digests, runToResults } from '@driftfarm/testing/results'
import { writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const home = servedHome()

const lines = Array.from({ length: 20 }, (_, i) => `${i / 10 - 1},${((i * 7) % 20) / 10 - 1},${i % 3}`)
const table = `u,v,t\n${lines.join('\n')}\n`

const spec = (name: string, file: string) => ({
  version: 1,
  name,
  seed: 5,
  landscape: {
    network: {
      layers: [2, 3, 1],
      decay: 0.01,
      data: { csv: file, inputs: ['u', 'v'], targets: ['t'] },
      batch: 4,
      sampling: 'shuffle',
    },
  },
  start: { descend: { from: { init: 'xavier' }, gradient: 1e-2, eta: 0.2 } },
  update: { rule: 'adam', eta: 0.01, drift: [{ sigma: 0.05 }, { form: 'flip', q: 0.1, every: 3 }] },
  trial: {
    warmup: 3,
    steps: 60,
    escape: { basin: true, every: 20, gradient: 1e-2, eta: 0.2 },
    quench: { gradient: 1e-2, eta: 0.2 },
    classify: { low: 'quenchloss < 0.3' },
  },
  sweep: { 'landscape.network.batch': [4, 'full'] },
  trials: 3,
})

if (full)
  test("a network on one's own table is computed, proved and replayed once its file is gone", async () => {
    writeFileSync(join(home, 'table.csv'), table)
    const first = await runToResults(writeSpec(home, 'data', spec('data', 'table.csv')), home)
    rmSync(join(home, 'table.csv'))

    const proof = await driftfarm(['verify', 'data', '--full'], { home })
    expect(proof.code, proof.stdout + proof.stderr).toBe(0)
    const file = join(home, 'path.csv')
    const replay = await driftfarm(['replay', 'data', '0', '2', '--trajectory', file], { home })
    expect(replay.code, replay.stderr).toBe(0)
    const [head, ...steps] = readFileSync(file, 'utf8').trim().split('\n')
    expect(head).toMatch(/^n,x\[1\],.*,x\[13\],loss,gradnorm,events$/)
    expect(steps.length).toBeGreaterThan(20)

    // The same samples under another name and spelling are the same cells: nothing is computed, the digests are the
    // same.
    writeFileSync(join(home, 'other.csv'), table.replaceAll(',0\n', ',0.0\n'))
    const again = await runToResults(writeSpec(home, 'other', spec('other', 'other.csv')), home)
    expect(again.cells.map(({ id }) => id)).toEqual(first.cells.map(({ id }) => id))
    expect(digests(again)).toEqual(digests(first))

    // One sample changed is another cell, whatever comes of its trials.
    writeFileSync(join(home, 'other.csv'), table.replace(',2\n', ',1\n'))
    const changed = await runToResults(writeSpec(home, 'changed', spec('changed', 'other.csv')), home, [
      '--trials',
      '1',
    ])
    expect(changed.cells[0]!.id).not.toBe(first.cells[0]!.id)
  })

test('a plan says what was done to data, and which designs there are', async () => {
  writeFileSync(join(home, 'words.csv'), 'u,colour,t\n1,red,0\nNA,blue,1\n3,red,1\n')
  const path = writeSpec(home, 'words', {
    ...spec('words', 'words.csv'),
    landscape: {
      network: {
        layers: [3, 2, 1],
        data: { csv: 'words.csv', inputs: ['u', 'colour'], targets: ['t'], missing: 'mean', scale: 'standard' },
      },
    },
    trial: { steps: 9, marks: { low: 'loss < 0.1' } },
    sweep: { sobol: { count: 3, axes: { 'update.eta': { from: 0.01, to: 0.1, scale: 'log' } } } },
  })
  const { stdout, code } = await driftfarm(['plan', path, '--no-pilot', '--json'], { home })
  expect(code).toBe(0)
  expect(JSON.parse(stdout).data).toMatchObject({
    cells: 3,
    designs: [{ kind: 'sobol', points: 3, axes: ['update.eta'] }],
    data: [
      {
        samples: 3,
        inputs: ['u', 'colour=blue', 'colour=red'],
        dropped: 0,
        filled: [{ column: 'u', count: 1, value: 2 }],
        scaled: 'standard',
        constant: [],
      },
    ],
  })
  const { stdout: text } = await driftfarm(['plan', path, '--no-pilot'], { home })
  expect(text).toContain(
    '3 samples; 1 missing value in u filled with 2; 3 inputs: u, colour=blue, colour=red; numeric inputs',
  )
  expect(text).toContain('sobol, 3 points over update.eta; 2 or 4 points (a power of two) would be spread more evenly')
})

if (full)
  test('trials start where training ended, and their weights are a start', async () => {
    const network = { layers: [2, 3, 1], data: { preset: 'xor' }, batch: 2, activation: 'tanh' }
    const start = {
      train: { update: { eta: 0.1, drift: { sigma: 0.1 } }, until: 'loss <= 0.2', steps: 500, per: 'trial' },
    }
    const spec = (name: string, change: object) => ({
      version: 1,
      name,
      landscape: { network },
      start,
      update: { eta: 0.1, drift: { sigma: 0.2 } },
      trial: { steps: 40, escape: 'loss > 0.3' },
      trials: 4,
      ...change,
    })
    const sweep = { 'start.train.per': ['cell', 'trial'] }
    await runToResults(writeSpec(home, 'trained', spec('trained', { sweep })), home)
    const proof = await driftfarm(['verify', 'trained', '--full'], { home })
    expect(proof.code, proof.stdout + proof.stderr).toBe(0)
    const replayed = async (name: string, ...options: readonly string[]) => {
      const { stdout, stderr, code } = await driftfarm(['replay', name, '0', '2', '--json', ...options], { home })
      expect(code, stderr).toBe(0)
      return JSON.parse(stdout).data
    }
    const last = await replayed('trained', '--weights', join(home, 'last.safetensors'))
    // A step of size 1e-300 moves no weight.
    const standing = { start: { safetensors: 'last.safetensors' }, update: { eta: 1e-300 }, trial: { steps: 1 } }
    await runToResults(writeSpec(home, 'again', spec('again', standing)), home)
    expect((await replayed('again')).loss).toBe(last.loss)

    const refused = await driftfarm(['replay', 'trained', '0', '2', '--weights', 'last.pt'], { home })
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('use a file name that ends in .safetensors')
  })
