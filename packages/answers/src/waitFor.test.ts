import { expect, onTestFinished, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'

test('an end that the coordinator announces is read at once', async () => {
  const ended = new AbortController()
  const farm = await Farm.running({ onFinished: () => ended.abort() })
  onTestFinished(() => farm.close())
  const { id } = await farm.submit()
  const states: string[] = []
  // Without the announcement, the second read would come after the time limit of the test.
  const options = { signal: new AbortController().signal, everyMs: 3_600_000, ended: ended.signal }
  for await (const { state } of farm.source.follow(id, options)) states.push(state)
  expect(states.at(-1)).toBe('complete')
})
