import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { needs } from '@driftfarm/testing/program'
import { expect, onTestFinished, test } from 'vitest'
import { abandonedPlaces } from './place.ts'

const parent = '/var/lib/driftfarm'
const program = fileURLToPath(new URL('fixtures/placed.ts', import.meta.url))

/** Server folders that look as those of temporary homes do an hour after somebody removed these homes. */
function abandon(count: number): string[] {
  mkdirSync(parent, { recursive: true, mode: 0o711 })
  return Array.from({ length: count }, (_, i) => {
    const folder = mkdtempSync(join(parent, 'home-000000000000-'))
    writeFileSync(join(folder, 'home'), join(tmpdir(), `driftfarm-gone-${process.pid}-${i}`))
    utimesSync(join(folder, 'home'), 0, 0)
    return folder
  })
}

/** A process about to find a place for a home that the server's account cannot reach. */
async function begin(home: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, home], { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let trouble = ''
  child.stderr.on('data', (text: Buffer) => {
    trouble += text.toString()
  })
  const exit = once(child, 'exit')
  await lines.next()
  return async () => {
    child.stdin.write('now\n')
    const { value } = await lines.next()
    await exit
    return { folder: value as string | undefined, trouble }
  }
}

// Where a folder that goes between two looks is no error; else two of three such processes throw ENOENT.
test('processes that clear up at the same time are not in each other’s way', needs('root'), async () => {
  const homes = mkdtempSync(join(tmpdir(), 'driftfarm-place-')) // which only root may enter
  onTestFinished(() => rmSync(homes, { recursive: true, force: true }))
  const go = await Promise.all([0, 1, 2].map((i) => begin(join(homes, `${i}`))))
  const left = abandon(300)
  const found = await Promise.all(go.map((each) => each()))
  for (const { folder } of found) if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  expect(found.map(({ trouble }) => trouble)).toEqual(['', '', ''])
  // Other tests may clear up too; what all have passed is nowhere left with its note.
  const noted = new Set(abandonedPlaces().map(({ folder }) => folder))
  expect(left.filter((folder) => noted.has(folder))).toEqual([])
})
