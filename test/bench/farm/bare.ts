import { kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'

// One process of `benchFarm`: prints the seconds that a trial of the first cell of the spec takes, the median of some
// runs of so many trials.
const count = Number(process.argv[3] ?? 2_000_000)
const rounds = 21
const { cell } = parseSweep(process.argv[2] ?? '', { fileName: 'bare' }).cell(0)
const kernel = await kernelOf(cell)
const seconds: number[] = []
for (let round = 0; round < rounds; round += 1) {
  const started = performance.now()
  kernel.run(round * count, count, { keep: false, horizons: [] })
  seconds.push((performance.now() - started) / 1000 / count)
}
console.log(seconds.sort((a, b) => a - b)[(rounds - 1) / 2])
