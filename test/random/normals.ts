import { normalityTests } from '../../packages/kernel/src/streams/normality.fixture.ts'
import { type StreamSelector, Streams, tailsAt } from '../../packages/kernel/src/streams/streams.fixture.ts'

/** Of thirteen checks; each fails by chance with this probability. */
const falseAlarm = 1e-6

/**
 * Moments, tails and bins of the drift's normals, 10^10 of them; true if all is well and a spoiled sample is found out.
 */
export async function countNormals(n: number): Promise<boolean> {
  const key = [20261126, 1, 2] as const
  const seats = Array.from({ length: 8 }, (_, trial): StreamSelector => ({ key, trial, purpose: 'drift' }))
  const counts = (await Streams.of(seats)).count(n)
  console.log(`\nnormals: ${counts.n.toLocaleString('en')} draws`)
  for (const [i, [above, below]] of counts.tails.entries()) {
    console.log(`  beyond ${tailsAt[i]}: ${above.toLocaleString('en')} above, ${below.toLocaleString('en')} below`)
  }
  const tests = normalityTests(counts)
  for (const [name, p] of tests) console.log(`  ${name.padEnd(16)} p = ${p.toPrecision(3)}`)
  const spoiled = normalityTests((await Streams.of(seats)).count(n / 100, { scale: 1.001 }))
  const least = Math.min(...spoiled.values())
  console.log(`  scale wrong by 1/1,000, a hundredth of the draws: least p = ${least.toPrecision(3)} (must fail)`)
  return [...tests.values()].every((p) => p > falseAlarm) && least < falseAlarm
}
