import type { BatchFailure } from '@driftfarm/database'
import type { DataTable } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cachedData } from './dataCache.ts'
import { CompileFailure, Modules } from './modules.ts'
import { settings } from './settings.ts'

/** A data set of which only its size is looked at. */
const sized = (hash: string, bytes: number) =>
  ({ hash, rows: 1, columns: 1, values: { byteLength: bytes } as Float64Array }) satisfies DataTable

describe('data sets', () => {
  const cache = (bytes: Record<string, number>) => {
    const read: string[] = []
    const get = cachedData(async (hash) => {
      read.push(hash)
      const size = bytes[hash]
      if (size === undefined) throw new Error(`no data ${hash}`)
      return sized(hash, size)
    })
    return { read, get }
  }

  test('are read once, however many wait', async () => {
    const { read, get } = cache({ a: 8 })
    const [first, second] = await Promise.all([get('a'), get('a')])
    expect(first).toBe(second)
    expect(await get('a')).toBe(first)
    expect(read).toEqual(['a'])
  })

  test('are evicted by size, least recently used first; one that is too large is kept as the only entry', async () => {
    const { read, get } = cache({ a: settings.dataBytes / 2, b: settings.dataBytes / 2, huge: 3 * settings.dataBytes })
    for (const hash of ['a', 'b', 'a', 'huge', 'huge']) await get(hash)
    expect(read).toEqual(['a', 'b', 'huge'])
    await get('a')
    await get('huge')
    expect(read).toEqual(['a', 'b', 'huge', 'a', 'huge'])
  })

  test('that cannot be read are requested again', async () => {
    const bytes: Record<string, number> = {}
    const { read, get } = cache(bytes)
    await expect(get('late')).rejects.toThrow('no data late')
    bytes.late = 8
    expect(await get('late')).toMatchObject({ hash: 'late' })
    expect(read).toEqual(['late', 'late'])
  })

  test('that are evicted while they are read still reach those that wait', async () => {
    const hashes = Array.from({ length: settings.dataSets + 9 }, (_, i) => `d${i}`)
    const { get } = cache(Object.fromEntries(hashes.map((hash) => [hash, 8])))
    const tables = await Promise.all(hashes.map(get))
    expect(tables.map(({ hash }) => hash)).toEqual(hashes)
  })
})

describe('modules', () => {
  /** The smallest module there is. */
  const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])

  test('are compiled once per shape; the most recently used are sent first', async () => {
    const modules = new Modules()
    let compiling = 0
    const compile = async () => {
      compiling++
      return bytes
    }
    expect(await Promise.all(['a', 'a', 'b'].map((shape) => modules.prepare(shape, compile)))).toEqual([
      null,
      null,
      null,
    ])
    expect(compiling).toBe(2)
    expect(modules.sent('a').map(([shape]) => shape)).toEqual(['a', 'b'])
    expect(modules.sent('b').map(([shape]) => shape)).toEqual(['b', 'a'])
  })

  test('that cannot be compiled fail their batches, and are tried again', async () => {
    const modules = new Modules()
    const failure: BatchFailure = { kind: 'throw', message: 'no such instruction' }
    const compile = () => Promise.reject(new CompileFailure(failure))
    expect(await modules.prepare('a', compile)).toBe(failure)
    expect(modules.sent('a')).toEqual([])
    expect(await modules.prepare('a', async () => bytes)).toBeNull()
  })
})
