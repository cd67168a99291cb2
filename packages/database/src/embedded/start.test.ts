import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import { findBinaries } from './binaries.ts'
import { startError } from './cluster.ts'
import { acquire, tryAcquire } from './lock.ts'
import { makeTemplate } from './makeTemplate.ts'
import { findPostmaster, waitUntilGone } from './postmaster.ts'
import { identify, isAlive } from './process.ts'
import { type Embedded, startEmbedded } from './start.ts'
import { templateFolder } from './template.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let folder: string
let home: string
const open: Embedded[] = []
const users: ChildProcess[] = []

/**
 * A home whose server was made and stopped once for all: most tests begin with a copy of it, which saves initdb and
 * migrations.
 */
let made: string

beforeAll(async () => {
  made = newFolder()
  await (await startEmbedded({ home: join(made, 'home') })).close()
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

beforeEach(() => {
  folder = newFolder()
  home = join(folder, 'home')
})

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'driftfarm-embedded-'))
  chmodSync(path, 0o755)
  return path
}

/** Owners and rights too: the data belongs to the server's user. */
const copyHome = (): void => void execFileSync('cp', ['-a', join(made, 'home'), home])

afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
  for (const user of users.splice(0)) user.kill('SIGKILL')
  const left = findPostmaster(dataFolder())
  if (left !== null) process.kill(left.pid, 'SIGINT')
  if (left !== null) await waitUntilGone(left.pid)
  const outside = placeOutside()
  if (outside !== null) rmSync(outside, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

async function start(notices: string[] = []): Promise<Embedded> {
  const server = await startEmbedded({ home, onNotice: (text) => notices.push(text) })
  open.push(server)
  return server
}

function placeOutside(): string | null {
  const file = join(home, 'server.json')
  return existsSync(file) ? ((JSON.parse(readFileSync(file, 'utf8')) as { place?: string }).place ?? null) : null
}

const dataFolder = (): string => join(placeOutside() ?? join(home, 'postgres'), 'data')

interface User {
  readonly process: ChildProcess
  readonly said: { url: string; folder: string; startMs: number; notices: string[] }
  tell(line: string): void
  /** Resolves with its next line of output. */
  hear(): Promise<string>
}

const userProgram = fileURLToPath(new URL('fixtures/user.ts', import.meta.url))

async function startUser(): Promise<User> {
  const child = spawn(process.execPath, ['--import', 'tsx', userProgram, home], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // a process group of its own, as a shell gives to a command
  })
  users.push(child)
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  const hear = async () => String((await lines.next()).value)
  const said = JSON.parse(await hear()) as User['said']
  return { process: child, said, tell: (line) => child.stdin?.write(`${line}\n`), hear }
}

const answer = (url: string): Promise<unknown> =>
  withClient(url, async (client) => (await client.query('select 42 as n')).rows[0]?.n)

describe('startEmbedded', () => {
  it('creates a migrated database, keeps it, and stops the server after the last user', async () => {
    const notices: string[] = []
    const first = await start(notices)
    expect(notices).toEqual([`Creating the embedded database in ${first.folder}`])
    const second = await start(notices)
    expect(second.url).toBe(first.url)
    await withClient(first.url, (client) => client.query(`insert into farm.leader values (1, 'me', 'run', 7, now())`))
    await first.close()
    await first.close()
    expect(await answer(second.url)).toBe(42)
    const { pid } = findPostmaster(dataFolder())!
    await second.close()
    expect(isAlive(identify(pid))).toBe(false)
    const again = await start(notices)
    expect(again.url).toBe(first.url) // the port too
    const { rows } = await withClient(again.url, (client) => client.query('select epoch from farm.leader'))
    expect(rows).toEqual([{ epoch: '7' }])
    expect(notices).toHaveLength(1)
  })

  it('is a copy of the cluster of the set-up with its own passwords, made again if it was not finished', async () => {
    await makeTemplate()
    const template = templateFolder(findBinaries())
    const first = await start()
    expect(await answer(first.url)).toBe(42)
    expect(await answer(first.readerUrl)).toBe(42)
    const other = new URL(first.url)
    other.password = readFileSync(join(template, 'password'), 'utf8')
    await expect(answer(other.href)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(readFileSync(join(dataFolder(), 'PG_VERSION'), 'utf8')).toBe(
      readFileSync(join(template, 'data', 'PG_VERSION'), 'utf8'),
    )
    expect(statSync(dataFolder()).mode & 0o777).toBe(0o700)
    await first.close()
    // As if the process had died before the copy had its own passwords.
    const note = join(dataFolder(), '..', 'copied')
    expect(existsSync(note)).toBe(false)
    writeFileSync(note, 'unfinished')
    rmSync(join(dataFolder(), 'global'), { recursive: true })
    const again = await start()
    expect(await answer(again.url)).toBe(42)
    expect(existsSync(note)).toBe(false)
  })

  it('accepts no login without a password, and only the owner may read its files', async () => {
    copyHome()
    const server = await start()
    const stranger = new URL(server.url)
    stranger.password = ''
    await expect(answer(stranger.href)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(statSync(join(home, 'server.json')).mode & 0o777).toBe(0o600)
    expect(statSync(dataFolder()).mode & 0o777).toBe(0o700)
    expect(readFileSync(join(home, '.gitignore'), 'utf8')).toBe('*\n')
    const { rows } = await withClient(server.url, (client) =>
      client.query(
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
         current_setting('TimeZone') as zone, current_setting('listen_addresses') as listens`,
      ),
    )
    expect(rows).toEqual([{ fsync: 'on', commit: 'on', zone: 'UTC', listens: '127.0.0.1' }])
  })

  it('is one server for processes that start at the same moment', async () => {
    const others = process.env.DRIFTFARM_TEST_TIER === 'full' ? 3 : 2
    const started = await Promise.all([...Array.from({ length: others }, startUser), start()])
    const urls = started.map((user) => ('said' in user ? user.said.url : user.url))
    expect(new Set(urls).size).toBe(1)
    expect(await answer(urls[0]!)).toBe(42)
  })

  if (full)
    it('continues without its starter, whose death does not count as use', async () => {
      copyHome()
      const starter = await startUser()
      const { pid } = findPostmaster(dataFolder())!
      starter.process.kill('SIGKILL')
      await once(starter.process, 'exit')
      const server = await start()
      expect(server.url).toBe(starter.said.url)
      expect(findPostmaster(dataFolder())?.pid).toBe(pid)
      await server.close()
      expect(isAlive(identify(pid))).toBe(false)
    })

  if (full)
    it('does not get the terminal’s Ctrl-C', async () => {
      copyHome()
      const starter = await startUser()
      process.kill(-starter.process.pid!, 'SIGINT')
      await once(starter.process, 'exit')
      expect(await answer(starter.said.url)).toBe(42)
    })

  if (full)
    it('stops when its last user exits without closing', async () => {
      copyHome()
      const starter = await startUser()
      const { pid } = findPostmaster(dataFolder())!
      starter.tell('exit')
      await once(starter.process, 'exit')
      expect(await waitUntilGone(pid, 20_000)).toBe(true)
      expect(await answer((await start()).url)).toBe(42)
    })

  it('recovers after the server was killed, with all that was acknowledged', async () => {
    copyHome()
    const server = await start()
    await withClient(server.url, (client) => client.query(`insert into farm.leader values (1, 'me', 'run', 9, now())`))
    process.kill(findPostmaster(dataFolder())!.pid, 'SIGKILL')
    const again = await start()
    const { rows } = await withClient(again.url, (client) => client.query('select epoch from farm.leader'))
    expect(rows).toEqual([{ epoch: '9' }])
  })

  if (full)
    it('does not mistake another process for the server of a stale postmaster.pid', async () => {
      copyHome()
      const server = await start()
      const file = join(dataFolder(), 'postmaster.pid')
      const stale = readFileSync(file, 'utf8')
      await server.close()
      writeFileSync(file, stale.replace(/^\d+/, String(process.pid)))
      expect(await answer((await start()).url)).toBe(42)
    })

  if (full)
    it('takes another port when its own is taken', async () => {
      copyHome()
      const { port } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { port: number }
      const { createServer } = await import('node:net')
      const squatter = createServer().listen(port, '127.0.0.1')
      await once(squatter, 'listening')
      try {
        const again = await start()
        expect(new URL(again.url).port).not.toBe(String(port))
        expect(await answer(again.url)).toBe(42)
      } finally {
        squatter.close()
      }
    })

  if (full)
    it('waits for a server that is stopping, and starts a new one', async () => {
      copyHome()
      const server = await start()
      const { pid } = findPostmaster(dataFolder())!
      process.kill(pid, 'SIGINT')
      const again = await start()
      expect(await answer(again.url)).toBe(42)
      expect(findPostmaster(dataFolder())?.pid).not.toBe(pid)
      await server.close()
    })

  it('refuses the data of another version', async () => {
    copyHome()
    writeFileSync(join(dataFolder(), 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toMatchObject({ code: 'DATA_VERSION', exit: 6, message: /PostgreSQL 17; .* 18/ })
  })

  if (full)
    it('reports that the passwords are missing', async () => {
      copyHome()
      rmSync(join(home, 'server.json'))
      await expect(start()).rejects.toMatchObject({ code: 'HOME', message: /server\.json/ })
    })

  it('reports that the home cannot be created', async () => {
    writeFileSync(home, 'a file')
    await expect(start()).rejects.toMatchObject({ code: 'HOME', message: /home: (EEXIST|ENOTDIR)/ })
  })
})

describe('errors from the output of initdb and the server', () => {
  it.each([
    [
      '2026-11-25 UTC [1] FATAL:  could not write to file "base/1": No space left on device\nmore',
      'DISK_FULL',
      /full: could not write/,
    ],
    ['initdb: error: could not access directory "/x": Permission denied', 'HOME', /folder: could not access directory/],
    ['2026 [1] FATAL:  something else', 'SERVER_START', /^It failed: something else$/],
    ['', 'SERVER_START', /no output/],
  ])('%j', (words, code, message) => {
    expect(startError(words, 'It failed')).toMatchObject({ code, message: expect.stringMatching(message) })
  })
})

describe('findBinaries', () => {
  it('refuses platforms without a build, with a hint', () => {
    expect(() => findBinaries('freebsd', 'x64')).toThrow(/not available for freebsd on x64/)
  })
})

describe('the start lock', () => {
  it('is held by one process, and others wait', async () => {
    const file = join(folder, 'lock')
    const lock = await acquire(file)
    expect(tryAcquire(file)).toBeNull()
    await expect(acquire(file, 50)).rejects.toMatchObject({ code: 'SERVER_BUSY', exit: 7 })
    lock.release()
    const second = tryAcquire(file)
    expect(second).not.toBeNull()
    second?.release()
  })

  it('is taken from a dead process, and from a later one with the same id', () => {
    const file = join(folder, 'lock')
    writeFileSync(file, '4194304000 1')
    tryAcquire(file)?.release()
    expect(existsSync(file)).toBe(false)
    const { pid, born } = identify(process.pid)
    writeFileSync(file, `${pid} ${Number(born) - 1}`)
    expect(tryAcquire(file) !== null).toBe(born !== '')
  })
})
