import { chmodSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs } from '@driftfarm/testing/program'
import { threadFile } from '@driftfarm/testing/thread'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaseOf } from '../cells.fixture.ts'
import { Pool } from '../pool.ts'

const folder = temporaryFolder('driftfarm-native-')
afterAll(() => folder.remove())

/** A compiler that changes the C text first. */
function compilerWith(name: string, edit: string): string {
  const path = join(folder.path, name)
  const source = '[ "$1" = --version ] || for each; do case $each in *native.c) sed -i \'$EDIT\' "$each";; esac; done'
  writeFileSync(path, `#!/bin/sh\n${source.replace('$EDIT', edit)}\nexec clang "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

/** Computes batches of one cell until its engine is decided. */
async function computed(name: string, compiler: string | undefined, mode: 'auto' | 'require' = 'auto') {
  const troubles: string[] = []
  const pool = new Pool({
    threads: 1,
    threadFile,
    cacheFolder: join(folder.path, name),
    native: { mode, compiler },
    onTrouble: (error) => troubles.push(error.message),
    limits: { nativeAfterMs: 1 },
  })
  try {
    await pool.ready()
    const digests: (bigint | string)[] = []
    for (let batch = 0; batch < 3_000 && !/times as fast|another|failed|cannot/.test(pool.engineWords ?? ''); batch++) {
      const [answer] = await pool.compute([leaseOf({ first: 2_000 * batch, count: 2_000 })])
      digests.push(answer!.kind === 'parts' ? answer!.parts[0]!.digest : answer!.kind)
      // The compiler needs some time.
      await new Promise((resume) => setTimeout(resume, 20))
    }
    return { digests, words: pool.engineWords, troubles }
  } finally {
    await pool.close()
  }
}

describe('native lanes', needs('clang', 'linux'), () => {
  let known: Awaited<ReturnType<typeof computed>>
  beforeAll(async () => {
    known = await computed('plain', 'clang')
  })

  it('are compiled once the shape has taken its time, and compared', () => {
    const { words, troubles, digests } = known
    expect(words).toMatch(/[\d.]+ times as fast/)
    expect(troubles).toEqual([])
    expect(digests).not.toContain('failed')
    expect(
      readdirSync(join(folder.path, 'plain', 'native'))
        .map((name) => name.replace(/^\w+/, ''))
        .sort(),
    ).toEqual(['.node', '.sha256'])
  })

  it.each([
    [
      'a lane is shifted',
      's/0, 2, 4, 6, 8, 10, 12, 14)/2, 0, 4, 6, 8, 10, 12, 14)/',
      /native lanes gave another result/,
    ],
    ['the code crashes', 's/^  int64_t taken = f_land/  *(volatile int *)8 = 0;\\n&/', /native lanes failed/],
  ])('are off for the shape if %s, and WebAssembly gives the results', async (name, edit, said) => {
    const { words, troubles, digests } = await computed(name, compilerWith(name.replaceAll(' ', '-'), edit))
    expect(words).toMatch(said)
    expect(troubles).toHaveLength(1)
    const both = Math.min(known.digests.length, digests.length)
    expect(both).toBeGreaterThan(1)
    expect(digests.slice(0, both)).toEqual(known.digests.slice(0, both))
  })
})

it('without a compiler WebAssembly computes, and says why', async () => {
  const { words, digests, troubles } = await computed('none', '/nowhere/cc')
  expect(words).toBe('WebAssembly: /nowhere/cc, the compiler that DRIFTFARM_CC names, cannot be run')
  expect(troubles).toEqual([])
  expect(digests).not.toContain('failed')
})

it('a worker that requires native lanes does not start without a compiler', async () => {
  await expect(computed('required', '/nowhere/cc', 'require')).rejects.toThrow('DRIFTFARM_CC')
})
