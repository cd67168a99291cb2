import { test } from 'vitest'

test('passes', () => undefined)
test('its process is killed', async () => {
  process.kill(process.pid, 'SIGKILL')
  await new Promise(() => undefined)
})
test('comes after', () => undefined)
