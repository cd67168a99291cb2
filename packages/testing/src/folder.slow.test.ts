import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbedded } from '@driftfarm/database'
import { expect, test } from 'vitest'
import { driftfarm } from './command.ts'
import { serverPid, temporaryFolder } from './folder.ts'
import { needs } from './program.ts'

async function used() {
  const folder = temporaryFolder()
  const server = await startEmbedded({ home: folder.path })
  const { code, stderr } = await driftfarm(['list'], { home: folder.path })
  expect(code, stderr).toBe(0)
  const place = server.folder
  const [pid] = readFileSync(join(place, 'data/postmaster.pid'), 'utf8').split('\n')
  expect(serverPid(folder.path)).toBe(Number(pid))
  await server.close()
  folder.remove()
  return { isInside: place.startsWith(folder.path), isGone: !existsSync(place) && !existsSync(folder.path) }
}

test('a home is removed with the data of its server', async () => {
  expect(await used()).toMatchObject({ isGone: true })
})

// Root's server runs as another user, who cannot enter a temporary folder.
test('so is data that is outside the home', needs('root'), async () => {
  expect(await used()).toEqual({ isInside: false, isGone: true })
})

test('a folder that no server has used is removed, and has no process', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder.path, 'deep'))
  expect(() => serverPid(folder.path)).toThrow('no server runs')
  folder.remove()
  expect(existsSync(folder.path)).toBe(false)
})
