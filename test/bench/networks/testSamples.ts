import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { printTable } from '../kernel/measure.ts'
import { BenchFarm } from '../processes/farm.ts'
import { formats, images, imagesSpec, shape } from './images.ts'

const threads = 2
const [trials, steps, every] = [4, 200, 50] as const
/** The interval between two evaluations for which the goal holds, and the share of the time that they may take. */
const goal = { every: 1000, share: 0.1, peakMB: 900 } as const

const observing = 'observe testaccuracy'
const when = 'testaccuracy >= 0.999'
/** What a sweep does in addition to its steps. */
const variants: Readonly<Record<string, { readonly trial?: object; readonly observe?: object }>> = {
  'steps alone': {},
  [observing]: { observe: { share: { value: 'testaccuracy', every } } },
  [`mark ${when}`]: { trial: { marks: { good: { when, every } } } },
}

/**
 * What an evaluation of `testaccuracy` on 10,000 images costs beside training on 60,000 images, as a farm with a
 * worker of two threads computes it: a network 784-100-10, batches of 64. The processor time of the worker with an
 * evaluation every 50 steps, compared with that of the same steps without. Also the peak memory of the worker after the
 * first sweep, with an observation.
 */
export async function benchTestSamples(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { rounds: { type: 'string', default: '2' } } })
  const rounds = Number(values.rounds)
  const folder = temporaryFolder('driftfarm-bench-')
  const farm = await BenchFarm.start()
  try {
    const write = formats['IDX, gzip']!
    const data = write(folder.path, 'train', images(shape.train, 1))
    const [test] = Object.values(write(folder.path, 'test', images(shape.test, 2)))
    const run = (change: (typeof variants)[string], of: { seed: number; trials: number; steps: number }) => {
      const file = join(folder.path, 'images.json')
      const trial = { steps: of.steps, ...change.trial }
      const spec = imagesSpec({ ...data, test }, { ...change, seed: of.seed, trials: of.trials, trial })
      writeFileSync(file, JSON.stringify(spec))
      return farm.run(['run', file])
    }
    await farm.worker(threads)
    await run(variants[observing]!, { seed: 0, trials, steps })
    const { peakMB } = farm
    // The first of each compiles its module. Each thread loads the data.
    for (const change of Object.values(variants)) await run(change, { seed: 0, trials: threads, steps: 2 * every })
    const seconds = new Map<string, number[]>()
    for (let round = 1; round <= rounds; round++)
      for (const [name, change] of Object.entries(variants)) {
        const before = farm.used.workers
        await run(change, { seed: round, trials, steps })
        seconds.set(name, [...(seconds.get(name) ?? []), farm.used.workers - before])
      }
    const [alone, ...others] = [...seconds]
    printTable(
      `Testing ${shape.test.toLocaleString('en')} images while a network 784-100-10 learns ` +
        `${shape.train.toLocaleString('en')}, ${rounds} rounds`,
      ['', 'steps per evaluation', `share if every ${goal.every} steps`, 'range', `goal <= ${100 * goal.share} %`],
      others.map(([name, own]) => {
        // Number of steps that take as long as one evaluation, in each round.
        const each = own.map((taken, round) => ((taken / alone![1][round]! - 1) * steps) / (steps / every))
        const mean = each.reduce((sum, x) => sum + x, 0) / each.length
        const percent = (x: number) => `${((100 * x) / goal.every).toFixed(1)} %`
        return [
          name,
          mean.toFixed(1),
          percent(mean),
          `${percent(Math.min(...each))} .. ${percent(Math.max(...each))}`,
          mean / goal.every <= goal.share ? 'met' : 'missed',
        ]
      }),
    )
    console.log(`\nPeak memory of the worker: ${peakMB.toFixed(0)} MB (goal <= ${goal.peakMB} MB)`)
  } finally {
    await farm.close()
    folder.remove()
  }
}
