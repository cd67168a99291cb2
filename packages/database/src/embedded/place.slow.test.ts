import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { needs } from '@driftfarm/testing/program'
import { expect, onTestFinished, test } from 'vitest'
import { serverAccount } from './account.ts'
import { findBinaries } from './binaries.ts'
import { abandonedFolders, placeBinaries } from './place.ts'
import { startEmbedded } from './start.ts'

const parent = '/var/lib/driftfarm'
const program = fileURLToPath(new URL('fixtures/placed.ts', import.meta.url))

/** A folder that only root may enter, gone after the test. */
function closedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'driftfarm-place-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

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
test('processes that clean up at the same time do not disturb each other', needs('root'), async () => {
  const homes = closedFolder()
  const go = await Promise.all([0, 1, 2].map((i) => begin(join(homes, `${i}`))))
  const left = abandon(300)
  const found = await Promise.all(go.map((each) => each()))
  for (const { folder } of found) if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  expect(found.map(({ trouble }) => trouble)).toEqual(['', '', ''])
  // Other tests may clear up too; what all have passed is nowhere left with its note.
  const noted = new Set(abandonedFolders().map(({ folder }) => folder))
  expect(left.filter((folder) => noted.has(folder))).toEqual([])
})

test('the server of root lives outside a home that its user cannot reach', needs('root'), async () => {
  const folder = closedFolder()
  const home = join(folder, 'home')
  const server = await startEmbedded({ home })
  const outside = server.folder
  onTestFinished(() => rmSync(outside, { recursive: true, force: true }))
  expect(outside).toMatch(/^\/var\/lib\/driftfarm\/home-[0-9a-f]{12}-/)
  expect(JSON.parse(readFileSync(join(home, 'server.json'), 'utf8'))).toMatchObject({ place: outside })
  expect(statSync(join(outside, 'data')).uid).not.toBe(0)
  await server.close()
  const again = await startEmbedded({ home })
  expect(again.folder).toBe(outside)
  await again.close()
  expect(abandonedFolders().map((place) => place.folder)).not.toContain(outside)
  rmSync(home, { recursive: true })
  expect(abandonedFolders()).toContainEqual({ folder: outside, home, takenAt: expect.any(Number) as number })
  // Temporary as it is, it goes when the next one comes and it has not been used for a while.
  utimesSync(join(outside, 'home'), 0, 0)
  const next = await startEmbedded({ home: join(folder, 'next') })
  onTestFinished(() => rmSync(next.folder, { recursive: true, force: true }))
  await next.close()
  expect(existsSync(outside)).toBe(false)
})

test('root copies binaries that the server’s user cannot reach, with their links', needs('root'), () => {
  const found = findBinaries()
  const folder = closedFolder()
  const closed = join(folder, 'closed')
  cpSync(found.folder, join(closed, 'native'), { recursive: true, verbatimSymlinks: true })
  chmodSync(closed, 0o700)
  rmSync(join(closed, 'native', 'lib', 'libicuuc.so.60'), { force: true })
  const version = `test-${process.pid}`
  const native = { ...found, version, folder: join(closed, 'native') }
  const placed = placeBinaries(join(folder, 'home'), native, serverAccount(null))
  try {
    expect(placed.folder).toBe(`/var/lib/driftfarm/postgresql-${version}`)
    const { uid, gid } = serverAccount(null)!
    const said = execFileSync(join(placed.folder, 'bin', 'postgres'), ['--version'], { uid, gid, encoding: 'utf8' })
    expect(said).toContain(`(PostgreSQL) ${found.major}.`)
  } finally {
    rmSync(placed.folder, { recursive: true, force: true })
  }
})
