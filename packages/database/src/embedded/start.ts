import { existsSync, realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClient } from '../connection/connect.ts'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { migrate, migrationState } from '../schema/migrate.ts'
import { newPassword } from '../schema/reader.ts'
import { owner } from '../schema/roles.ts'
import type { ServerFiles } from './account.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster, startError, syncCluster } from './cluster.ts'
import { acquire, countClients, register, remove, tryAcquire } from './lock.ts'
import { placeBinaries, serverFilesOf } from './place.ts'
import {
  findPostmaster,
  type Postmaster,
  signalStop,
  spawnPostmaster,
  waitUntilGone,
  waitUntilReady,
} from './postmaster.ts'
import { ensureHome, ownerUrl, readerUrl, readRecord, type ServerRecord, writeRecord } from './record.ts'
import { copyTemplate, finishCopy, passwordsOf, removeUnfinishedCopy } from './template.ts'

export interface EmbeddedOptions {
  /** The home, as given by `homeFolder`. */
  readonly home: string
  /** Called with one line about each step that takes time. */
  readonly onNotice?: (text: string) => void
}

export type Embedded = Awaited<ReturnType<typeof startEmbedded>>

/** Another process may take the port between our check and the server's bind. */
const portTries = 5
/**
 * Matches the output of a server that cannot start because processes of a killed server still exist. The backends exit
 * only when they notice that the server has died, and the killed process exists until its parent has reaped it.
 */
const leftoverServer = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/
const memoryTries = 50

/**
 * Provides a private PostgreSQL server for this home, with a migrated database. Uses the running server, whichever
 * process started it, or starts a server. The first start takes 1 s, later starts take 0.1 s. A lock file ensures that
 * only one process at a time starts or stops the server.
 */
export async function startEmbedded({ home: path, onNotice = () => {} }: EmbeddedOptions) {
  ensureHome(path)
  const home = realpathSync(path)
  const lockFile = join(home, 'start.lock')
  const clients = join(home, 'clients')
  const lock = await acquire(lockFile)
  try {
    const known = readRecord(home)
    const place = serverFilesOf(home, known?.place)
    const record = known ?? newRecord(home, place)
    const running = await reuse(place, record, onNotice)
    let postmaster = running ?? (await start(home, place, record, onNotice))
    if (record.port !== postmaster.port) writeRecord(home, { ...record, port: postmaster.port })
    const client = register(clients)
    const leave = (): boolean => {
      remove(client)
      if (countClients(clients) > 0) return false
      signalStop(postmaster.pid, findBinaries(), place)
      return true
    }
    try {
      const sync = () => syncCluster(placeBinaries(home, findBinaries(), place.account), place)
      await finishCopy(place, record, postmaster.port, sync)
      await prepare(record, postmaster.port, onNotice)
    } catch (error) {
      if (leave()) await waitUntilGone(postmaster.pid)
      throw error
    }
    return {
      url: ownerUrl(record, postmaster.port),
      readerUrl: readerUrl(record, postmaster.port),
      /** The folder that contains the data and the log, for display. */
      folder: place.folder,
      /**
       * If the server has died, for example because the disk was full, starts it again at the same address. Throws an
       * error with the reason if the server does not start.
       */
      async revive() {
        if (findPostmaster(place.data) !== null) return
        const again = await acquire(lockFile)
        try {
          // Another process may have started the server first.
          const current = { ...record, port: postmaster.port }
          postmaster = findPostmaster(place.data) ?? (await start(home, place, current, onNotice))
        } finally {
          again.release()
        }
      },
      /** Ends this process's use of the server. If no other process uses the server, it is stopped. */
      close: closeOnce(lockFile, () => postmaster.pid, leave),
    }
  } finally {
    lock.release()
  }
}

const noticeMs = 4_000

async function reuse(
  place: ServerFiles,
  record: ServerRecord,
  onNotice: (text: string) => void,
): Promise<Postmaster | null> {
  const found = findPostmaster(place.data)
  if (found === null) return null
  const alive = () => findPostmaster(place.data) === null
  const silent = setTimeout(onNotice, noticeMs, `The embedded database (process ${found.pid}) does not respond yet`)
  try {
    const ready = found.ready ? found : await waitUntilReady(place.data, alive, () => {})
    const known = passwordsOf(place, record)
    if (ready !== null && (await probe(ownerUrl(known, ready.port, 'postgres')))) return ready
    // The server is still shutting down, because the last process that used it ended without calling `close()`.
    if (await waitUntilGone(found.pid)) return null
  } finally {
    clearTimeout(silent)
  }
  throw new DatabaseError('SERVER_BUSY', `The embedded server (process ${found.pid}) neither responds nor exits`)
}

async function start(
  home: string,
  place: ServerFiles,
  record: ServerRecord,
  onNotice: (text: string) => void,
): Promise<Postmaster> {
  const binaries = placeBinaries(home, findBinaries(), place.account)
  removeUnfinishedCopy(place)
  const copy = (data: string) => copyTemplate(binaries, place, data)
  await ensureCluster(binaries, place, record.ownerPassword, onNotice, copy)
  let port = record.port ?? (await freePort())
  for (let ports = 1, waits = 1; ; ) {
    const spawned = spawnPostmaster(binaries, place, port)
    const slow = () => onNotice('The embedded database is recovering from an unclean shutdown')
    const ready = await waitUntilReady(place.data, spawned.exited, slow)
    if (ready !== null) return ready
    const words = spawned.words()
    if (/could not bind|could not create any TCP\/IP sockets/.test(words) && ports++ < portTries)
      port = await freePort()
    else if (leftoverServer.test(words) && waits++ < memoryTries) await sleep(100)
    else throw startError(words, `The embedded database did not start (log: ${place.log})`)
  }
}

// The record is written before any data is created, so the passwords are not lost if this start is interrupted.
function newRecord(home: string, place: ServerFiles): ServerRecord {
  if (existsSync(place.data)) {
    throw new DatabaseError('HOME', `${place.data} exists, but ${home}/server.json with the passwords is missing`, {
      hint: 'Restore the file, or remove the data folder to start from scratch.',
    })
  }
  const outside = place.folder.startsWith(home) ? {} : { place: place.folder }
  const record = { ...outside, ownerPassword: newPassword(), readerPassword: newPassword() }
  writeRecord(home, record)
  return record
}

function closeOnce(lockFile: string, pid: () => number, leave: () => boolean): () => Promise<void> {
  // Handles a process.exit() without close(). If another process holds the lock, that process uses the server, so
  // nothing need be stopped.
  const onExit = (): void => {
    try {
      const lock = tryAcquire(lockFile)
      if (lock === null) return
      leave()
      lock.release()
    } catch {} // the home was removed in the meantime
  }
  process.once('exit', onExit)
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    const lock = await acquire(lockFile).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null // the home was removed in the meantime
      throw error
    })
    try {
      process.off('exit', onExit)
      if (leave()) await waitUntilGone(pid())
    } finally {
      lock?.release()
    }
  }
  return () => {
    closed ??= close()
    return closed
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/**
 * Returns false while the server starts or stops. Throws a DatabaseError HOME if the server rejects the password.
 */
export async function probe(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => {})
    return true
  } catch (error) {
    if (!(error instanceof DatabaseError) || codeOf(error.cause) !== '28P01') return false
    throw new DatabaseError('HOME', `The embedded server rejects the password in server.json: ${messageOf(error)}`)
  }
}

/** Creates the database if it is missing, and applies missing migrations. */
export async function prepare(record: ServerRecord, port: number, onNotice: (text: string) => void): Promise<void> {
  const url = ownerUrl(record, port)
  const state = await migrationState(url).catch((error: unknown) => {
    if (error instanceof DatabaseError && codeOf(error.cause) === '3D000') return 'missing' as const
    throw error
  })
  if (state === 'missing') {
    await withClient(ownerUrl(record, port, 'postgres'), (client) => client.query(`create database ${owner}`))
  }
  if (state === 'ahead')
    throw new DatabaseError('MIGRATION_AHEAD', 'The embedded database is newer than this driftfarm')
  if (state === 'behind') onNotice('Migrating the database of an earlier version (about one minute per million cells)')
  if (state !== 'current') await migrate(url, { readerPassword: record.readerPassword })
}
