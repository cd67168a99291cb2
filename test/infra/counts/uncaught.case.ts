import { test } from 'vitest'

test('passes, and leaves a promise that is rejected', async () => {
  Promise.reject(new Error('nobody catches it'))
  await new Promise((resolve) => setImmediate(resolve))
})
