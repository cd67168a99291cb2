import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { start } from '@driftfarm/testing/command'
import { oneWell } from '@driftfarm/testing/spec'
import { must } from '../check.ts'
import { Server } from '../lab.ts'
import { Member } from '../processes.ts'
import type { Row } from '../row.ts'
import { type Given, given } from '../sweeps.ts'
import { speakers } from '../witness.ts'

/** A small file system in memory. */
class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'driftfarm-chaos-disk-'))

  constructor(megabytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'none', this.folder])
  }

  get freeMb(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return (bavail * bsize) / 2 ** 20
  }

  /** Fills the disk up to this amount of free space. */
  leave(megabytes: number): void {
    const file = openSync(join(this.folder, 'ballast'), 'a')
    const piece = Buffer.alloc(2 ** 20)
    while (this.freeMb > megabytes + 1) writeSync(file, piece)
    closeSync(file)
  }

  makeRoom(): void {
    rmSync(join(this.folder, 'ballast'), { force: true })
  }

  close(): void {
    // Unmounts even if a process still has a file open there.
    execFileSync('umount', ['-l', this.folder])
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A sweep whose rows are all recorded. It takes about 40 MB with the write-ahead log. */
const heavySweep = (seed: number, steps: number): Given =>
  given(
    oneWell({
      name: 'heavy',
      seed,
      trial: { steps, escape: 'x >= 1e6' },
      sweep: { 'update.drift.sigma': [0.6, 0.8, 1] },
      record: 'all',
      trials: 150_000,
    }),
  )

/** Small segments of the write-ahead log, so that many writes fail and not only that of one large file. */
const smallLog = { max_wal_size: '32MB', min_wal_size: '32MB', checkpoint_timeout: '30s' }

/** Processor seconds that a process has used, with its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const full = /no space|disk is full|full disk|disk full|no room|out of space/i

const farmDisk: Row = {
  name: 'disk-farm',
  fault: 'the disk of the PostgreSQL server of the farm is full for 40 s',
  promise:
    'the farm reports why it waits, and continues when there is space; no data is corrupt, and batches are not ' +
    'recomputed repeatedly',
  away: ['disk'],
  // The server may end because the disk is full, and then no process knows the reason.
  says: { one: ['disk', 'database'], by: speakers, withinS: 40 },
  async run(lab, { farm: open }) {
    const disk = new SmallDisk(160)
    mkdirSync(join(disk.folder, 'server'))
    let server: Server
    try {
      server = await Server.start({ folder: join(disk.folder, 'server'), settings: smallLog })
    } catch (error) {
      disk.close()
      throw error
    }
    const farm = await open({ server })
    farm.closing.push(
      () => server.close(),
      async () => disk.close(),
    )
    const sweep = heavySweep(lab.seed + 3, 2_000)
    await lab.reference(sweep)
    await farm.coordinator({ more: ['--no-http', '--batch', '2000'] })
    const workers = [await farm.worker(), await farm.worker()]
    const id = await farm.submit(sweep)
    await farm.until('the first batches are stored', async () => (await farm.stored()) > 20_000)
    disk.leave(1)
    farm.mark('disk full')
    const fullMs = Date.now()
    let before = workers.map(({ pid }) => cpuSeconds(pid))
    await delay(10_000)
    before = workers.map(({ pid }) => cpuSeconds(pid))
    while (Date.now() - fullMs < 40_000) {
      // The server may have ended because the disk is full. An operator would start it again.
      if (!(await answers(server))) await server.postgres.start().catch(() => undefined)
      await delay(1_000)
    }
    const burnt = workers.reduce((sum, { pid }, place) => sum + cpuSeconds(pid) - before[place]!, 0)
    disk.makeRoom()
    farm.mark('room again')
    if (!(await answers(server))) await server.postgres.start()
    await farm.complete(id, 180)
    await farm.audit(id, sweep)
    await farm.settled({ failures: true })
    const warned = farm.members.some(({ words }) => full.test(words))
    must(warned, `no process reports why it waits: ${await farm.story()}`)
    // In these 30 s, two workers with one thread each could use 60 s of processor time.
    must(
      burnt < 20,
      `in 30 s with a full disk, the two workers used ${burnt.toFixed(0)} s of processor time; 60 s were possible`,
    )
    return {
      times: 1,
      notes: [
        `in 30 s with a full disk, the two workers used ${burnt.toFixed(1)} s of processor time; 60 s were possible`,
      ],
    }
  },
}

const answers = (server: Server): Promise<boolean> =>
  Promise.race([
    server.administer('select 1').then(
      () => true,
      () => false,
    ),
    delay(5_000, true),
  ])

const homeDisk: Row = {
  name: 'disk-home',
  fault: 'the disk of a `run` with an embedded server is full for 40 s',
  promise: 'the command reports why it waits, continues when there is space, and ends with code 0',
  away: ['disk'],
  async run(lab, { farm: open }) {
    // This farm has no sweeps to audit, because the home folder has its own server.
    const farm = await open({ redis: null })
    const disk = new SmallDisk(160)
    farm.closing.push(async () => disk.close())
    const home = join(disk.folder, 'home')
    mkdirSync(home, { mode: 0o755 })
    // About 11 s of processor time, so that the disk is full long before the sweep ends.
    const sweep = heavySweep(lab.seed + 3, 10_000)
    const reference = await lab.reference(sweep)
    const env = { DRIFTFARM_HOME: home }
    const file = lab.program('driftfarm')
    const run = new Member('run', { file, arguments_: ['run', farm.file(sweep), '--threads', '2'], env })
    run.onWords = (line) => farm.witness?.hear('run', line)
    farm.members.push(run)
    await run.start({ untilReady: false })
    await farm.until('the server is there', () => readdirSync(home).includes('server.json'), 60)
    await delay(2_000)
    disk.leave(1)
    must(run.isAlive, `the run ended before the disk was full: ${run.tail}`)
    farm.mark('disk full')
    await delay(40_000)
    const said = run.words
    disk.makeRoom()
    farm.mark('room again')
    const { code } = await run.gone(240_000)
    must(code === 0, `the run ended with ${code}: ${run.tail}`)
    must(full.test(said), `the run did not report that the disk was full: ${run.tail}`)
    const { stdout } = await start(['results', 'heavy', '--json'], { home }).finished
    const { data } = JSON.parse(stdout) as { data: { cells: { id: string; digest: string }[] } }
    for (const { id, digest } of data.cells)
      must(reference.get(id) === digest, `cell ${id}: its digest differs from that of an undisturbed run`)
    const verified = await start(['verify', 'heavy'], { home }).finished
    must(verified.code === 0, `verify: ${verified.stdout}${verified.stderr}`)
    return { times: 1, notes: [`all ${reference.size} cells have the digests of an undisturbed run`] }
  },
}

export const diskRows: readonly Row[] = [farmDisk, homeDisk]
