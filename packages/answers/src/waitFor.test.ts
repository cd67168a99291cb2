import { expect, onTestFinished, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'

test('an end that the coordinator announces is read at once', async () => {
  const farm = await Farm.open()
  onTestFinished(() => farm.close())
  const { id } = await farm.submit()
  const ended = new AbortController()
  // Without the announcement, the second read would come after the time limit of the test.
  const options = { signal: new AbortController().signal, everyMs: 3_600_000, ended: ended.signal }
  const states: string[] = []
  for await (const { state } of farm.source.follow(id, options)) {
    states.push(state)
    if (states.length > 1) continue
    await farm.work()
    await farm.coordinate({ onFinished: () => ended.abort() })
  }
  expect(states).toEqual(['planned', 'complete'])
})
