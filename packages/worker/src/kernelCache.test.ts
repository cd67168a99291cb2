import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readHashed, writeHashed } from './kernelCache.ts'

test('stored bytes are read back completely or not at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driftfarm-disk-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'deep', 'file')
  const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251)
  expect(readHashed(path)).toBeNull()
  expect(writeHashed(path, bytes)).toBe(true)
  expect(readHashed(path)).toEqual(bytes)
  expect(await readdir(join(folder, 'deep'))).toEqual(['file'])
  const whole = await readFile(path)
  for (const damaged of [whole.subarray(0, 500), Buffer.alloc(0), Buffer.alloc(32), Buffer.from(whole).fill(1, 0, 1)]) {
    await writeFile(path, damaged)
    expect(readHashed(path)).toBeNull()
  }
  expect(writeHashed(join(path, 'below-a-file'), bytes)).toBe(false)
})
