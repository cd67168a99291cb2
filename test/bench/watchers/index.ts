import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { root } from '@driftfarm/testing/command'
import { freePort } from '@driftfarm/testing/port'
import { writeSpec } from '@driftfarm/testing/spec'
import { printTable } from '../kernel/measure.ts'
import { openHome } from '../sweeps/home.ts'
import { environment, said, Watched } from '../sweeps/processes.ts'

// What it costs a farm to be watched: processor time of the coordinator, which serves the API, with none, one and many
// open pages. A page holds a stream of its sweep and one of the farm.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const seconds = 30

export async function benchWatchers(): Promise<void> {
  const home = await openHome(build)
  const address = `127.0.0.1:${await freePort()}`
  const env = environment(home.folder)
  const start = (...arguments_: string[]) =>
    spawn(process.execPath, [build, ...arguments_], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const coordinator = start('coordinator', '--listen', address)
  await said(coordinator.stderr, 'API at')
  const worker = start('worker', '--threads', '1')
  await said(worker.stderr, 'ready')
  const watched = new Watched(coordinator.pid!)
  try {
    for (const [name, cells, changing] of [
      ['21 running cells', 21, false],
      ['10,000 running cells', 10_000, false],
      ['10,000 cells with check points, which change as fast as the coordinator settles them', 10_000, true],
    ] as const) {
      const id = await submit(home.folder, address, cells, changing)
      // Until it is at work.
      await delay(5_000)
      const rows: string[][] = []
      let none = 0
      // The more trials the cells have, the more seldom they change.
      for (const pages of changing ? [0, 50] : [0, 1, 50]) {
        const streams = await open(address, pages, [`/sweeps/${id}/events`, '/events'])
        await delay(3_000)
        const [before, bytes] = [watched.used.cpuSeconds, total(streams)]
        await delay(seconds * 1_000)
        const share = (watched.used.cpuSeconds - before) / seconds
        if (pages === 0) none = share
        rows.push([
          String(pages),
          `${(share * 100).toFixed(1)} %`,
          pages === 0 ? '' : `${((share - none) * 100).toFixed(1)} %`,
          pages === 0 ? '' : ((total(streams) - bytes) / pages / seconds / 1e3).toFixed(1),
        ])
        for (const { response } of streams) response.destroy()
      }
      printTable(
        `${name}, ${seconds} s each`,
        ['open pages', 'share of a core', 'share due to the pages', 'kB per second and page'],
        rows,
      )
      await fetch(`http://${address}/api/v1/sweeps/${id}/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"do": "cancel"}',
      })
    }
    const streams = await open(address, 1_000, ['/events'])
    await delay(60_000)
    const left = streams.filter(({ ended }) => !ended()).length
    const held = streams.filter(({ bytes }) => bytes() > 0).length
    console.log(
      `\n1,000 idle streams: ${left} open after 60 s, ${held} have received data; the coordinator used at most ` +
        `${watched.used.peakMB.toFixed(0)} MB`,
    )
    const began = performance.now()
    coordinator.kill('SIGINT')
    await once(coordinator, 'exit')
    const ended = streams.filter(({ ended }) => ended()).length
    console.log(
      `the server ended ${ended} of them when it closed, in ${((performance.now() - began) / 1e3).toFixed(1)} s`,
    )
  } finally {
    watched.stop()
    worker.kill('SIGKILL')
    coordinator.kill('SIGKILL')
    await home.close()
  }
}

async function submit(folder: string, address: string, cells: number, changing: boolean): Promise<string> {
  const name = `watched${cells}${changing}`
  const spec = writeSpec(folder, name, {
    version: 1,
    name,
    seed: changing ? 1 : cells,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 100, escape: 'x >= 0' },
    sweep: { 'update.drift.sigma': { from: 0.5, to: 2, count: cells } },
    // It is at work for as long as it is watched; of many cells some dozens end in each second.
    ...(changing
      ? { until: { estimate: 'escape', relative: 1e-4, min: 1_000, max: 1e9 } }
      : { trials: Math.round((cells > 1_000 ? 4e8 : 1e9) / cells) }),
  })
  const answer = await fetch(`http://${address}/api/v1/sweeps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: readFileSync(spec, 'utf8'),
  })
  const { data } = (await answer.json()) as { data: { sweep: { id: string } } }
  return data.sweep.id
}

interface Stream {
  readonly response: IncomingMessage
  bytes(): number
  ended(): boolean
}

/** Streams of so many pages, read as fast as they come. */
async function open(address: string, pages: number, paths: readonly string[]): Promise<readonly Stream[]> {
  const streams: Stream[] = []
  for (let page = 0; page < pages; page++)
    for (const path of paths) {
      const request = get(`http://${address}/api/v1${path}`, { headers: { 'accept-encoding': 'gzip' }, agent: false })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      let [bytes, ended] = [0, false]
      response.on('data', (piece: Buffer) => {
        bytes += piece.length
      })
      response.on('end', () => {
        ended = true
      })
      response.on('error', () => undefined)
      streams.push({ response, bytes: () => bytes, ended: () => ended })
    }
  return streams
}

const total = (streams: readonly Stream[]): number => streams.reduce((sum, { bytes }) => sum + bytes(), 0)
