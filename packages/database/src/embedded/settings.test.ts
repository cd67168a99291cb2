import { expect, test } from 'vitest'
import { settings, sharedMB } from './settings.ts'

test('the page cache of the server is a sixteenth of the memory, within bounds', () => {
  const gigabytes = [0.5, 2, 4, 8, 1_000]
  expect(gigabytes.map((each) => sharedMB(each * 2 ** 30))).toEqual([128, 128, 256, 512, 512])
  expect(settings.shared_buffers).toMatch(/^\d+MB$/)
})
