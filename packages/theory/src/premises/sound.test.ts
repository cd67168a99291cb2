import { isDoubt } from '@driftfarm/statistics'
import { expect, it } from 'vitest'
import { answerOf } from './answer.fixture.ts'
import { soundSpec, uniforms } from './sound.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** The fast tier takes three of the 500 in which all rules and all kinds of escape stand. */
const [first, count] = full ? [0, 500] : [5, 3]
/**
 * At most one in a hundred may carry a doubt that it does not deserve. The specs are fixed, so there is no false alarm.
 */
const most = Math.floor(count / 100)

it(`of ${count} sound cells at most ${most} are doubted`, { timeout: 1_800_000 }, async () => {
  const uniform = uniforms(11)
  const doubted: string[] = []
  let escapes = 0
  for (let at = 0; at < first + count; at++) {
    const spec = soundSpec(uniform, `sound-${at}`)
    if (at < first) continue
    const { checks } = await answerOf(spec)
    const doubts = checks.filter(isDoubt).map(({ name, verdict, text }) => `${name} ${verdict}: ${text}`)
    if (doubts.length > 0) doubted.push(`${JSON.stringify(spec)}: ${doubts.join('; ')}`)
    if (!checks.some(({ name, text }) => name === 'events' && text.startsWith('none of'))) escapes++
  }
  expect(doubted.length, doubted.join('\n')).toBeLessThanOrEqual(most)
  // Of cells in which nothing ever happens this would be easy.
  expect(escapes).toBeGreaterThan(count / 4)
})

it('the same cells are doubted, every one, where their exit holds from the start on', {
  timeout: 1_800_000,
}, async () => {
  const uniform = uniforms(12)
  for (let at = 0; at < (full ? 20 : 3); at++) {
    const { method: _, ...spec } = soundSpec(uniform, `unsound-${at}`)
    const trial = { ...(spec.trial as Record<string, unknown>), escape: 'loss <= 1e6' }
    const { checks } = await answerOf({ ...spec, trial })
    expect(checks.filter(isDoubt).map(({ name }) => name)).toContain('control')
  }
})
