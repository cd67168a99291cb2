import { prepare } from '@driftfarm/kernel'
import { doubleWell } from './cells.ts'
import { kernelOf } from './kernels.ts'

// A process of `benchThreads`: runs the trials it is asked for and says how many steps they took.
const kernel = await kernelOf(prepare(doubleWell(1000)))
process.on('message', ({ first, trials }: { first: number; trials: number }) => {
  process.send!(Number(kernel.run(first, trials, { keep: false, horizons: [] }).tally.steps))
})
process.send!('ready')
