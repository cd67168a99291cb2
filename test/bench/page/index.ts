import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, openBrowser } from '@driftfarm/testing/browser'
import { root } from '@driftfarm/testing/command'
import { freePort } from '@driftfarm/testing/port'
import { writeSpec } from '@driftfarm/testing/spec'
import { printTable } from '../kernel/measure.ts'
import { openHome } from '../sweeps/home.ts'
import { environment, said } from '../sweeps/processes.ts'

// What the page of a sweep of 10,000 cells costs the browser: how long until its map stands, and how long its frames
// are while every cell changes twice a second. A farm runs the sweep and what it says of all cells is recorded; then
// the recording is played to the page, so that nothing but the page and its server is at work.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const cells = 10_000
const everyMs = 500
const playedMs = 20_000
const loads = 7

export async function benchPage(): Promise<void> {
  const browser = await openBrowser()
  const home = await openHome(build)
  const address = `http://127.0.0.1:${await freePort()}`
  const env = environment(home.folder)
  const start = (...arguments_: string[]) =>
    spawn(process.execPath, [build, ...arguments_], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const coordinator = start('coordinator', '--listen', address.slice('http://'.length))
  try {
    await said(coordinator.stderr, 'API at')
    const worker = start('worker', '--threads', '1')
    await said(worker.stderr, 'ready')
    const { sweep, recording } = await recorded(address, home.folder)
    worker.kill('SIGINT')
    await once(worker, 'exit')
    const server = played(address, sweep, recording).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/#/sweeps/${sweep}`
    await measure(browser, page, recording.length)
    server.closeAllConnections()
    server.close()
  } finally {
    coordinator.kill('SIGINT')
    await once(coordinator, 'exit')
    await browser.close()
    await home.close()
  }
}

/** What a stream says of a sweep at some moment: all cells. */
type Moment = { readonly status: unknown; readonly cells: { readonly trials: readonly number[]; params?: unknown } }

/** Hands in a sweep and asks for all of its cells, again and again, until it is done. */
async function recorded(address: string, folder: string): Promise<{ sweep: string; recording: readonly Moment[] }> {
  const spec = writeSpec(folder, 'played', {
    version: 1,
    name: 'played',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 100, escape: 'x >= 0' },
    sweep: {
      'update.eta': { from: 0.05, to: 0.3, count: 100 },
      'update.drift.sigma': { from: 0.5, to: 2, count: cells / 100 },
    },
    trials: 5_000,
  })
  const answer = await fetch(`${address}/api/v1/sweeps`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: readFileSync(spec, 'utf8'),
  })
  const sweep = ((await answer.json()) as { data: { sweep: { id: string } } }).data.sweep.id
  const get = async <T>(path: string): Promise<T> =>
    ((await (await fetch(`${address}/api/v1/sweeps/${sweep}${path}`)).json()) as { data: T }).data
  const recording: Moment[] = []
  for (;;) {
    const [status, now] = await Promise.all([get<{ state: string }>(''), get<Moment['cells']>('/cells')])
    recording.push({ status, cells: now })
    if (status.state === 'complete') return { sweep, recording }
    await delay(1_000)
  }
}

/** A server that plays a recording as the events of the sweep, and passes everything else on to the farm. */
function played(address: string, sweep: string, recording: readonly Moment[]): Server {
  const snapshot = JSON.stringify(recording[0])
  // A delta has no parameters.
  const deltas = recording.map(({ status, cells: { params: _, ...cells } }) => JSON.stringify({ status, cells }))
  return createServer((request, response) => {
    if (request.url?.startsWith(`/api/v1/sweeps/${sweep}/events`)) play(snapshot, deltas, response)
    else void pass(address, request, response)
  })
}

function play(snapshot: string, deltas: readonly string[], response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  let at = 0
  const say = (): void => {
    // Over and over: every cell differs from what was said of it before.
    const [event, data] = at === 0 ? ['snapshot', snapshot] : ['delta', deltas[at % deltas.length]]
    response.write(`id: ${at}\nevent: ${event}\ndata: ${data}\n\n`)
    at++
  }
  say()
  const timer = setInterval(say, everyMs)
  response.on('close', () => clearInterval(timer))
}

async function pass(address: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = { accept: request.headers.accept ?? '*/*' }
  const answer = await fetch(`${address}${request.url}`, { headers: asked }).catch(() => null)
  // The farm ends before the last page has let go.
  if (answer === null) return void response.destroy()
  const headers = Object.fromEntries(
    [...answer.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-encoding)$/.test(name)),
  )
  response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()))
}

async function measure(browser: Browser, address: string, moments: number): Promise<void> {
  const first: number[] = []
  for (let load = 0; load < loads; load++) {
    // A context of its own has nothing kept from the load before.
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'commit' })
    await page.getByRole('application').waitFor()
    first.push(
      await page.evaluate<number>('new Promise((done) => requestAnimationFrame(() => done(performance.now())))'),
    )
    await context.close()
  }
  const rows: string[][] = []
  for (const tab of ['map', 'cells', 'figures']) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(`${address}?tab=${tab}`)
    await page.getByRole('tabpanel').waitFor()
    await delay(3_000)
    const { frames, changes } = await page.evaluate<{ frames: number[]; changes: number }>(`new Promise((done) => {
      const frames = []
      let changes = 0
      // How the sweep stands, at the top of every tab: that it is really drawn anew.
      const observer = new MutationObserver(() => changes++)
      observer.observe(document.querySelector('.facts'), { subtree: true, characterData: true, childList: true })
      let last = performance.now()
      const end = last + ${playedMs}
      requestAnimationFrame(function look(now) {
        frames.push(now - last)
        last = now
        if (now < end) requestAnimationFrame(look)
        else done({ frames, changes })
      })
    })`)
    const sorted = frames.sort((a, b) => a - b)
    const at = (share: number): string =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1)
    const late = sorted.filter((frame) => frame > 50).length
    rows.push([tab, String(changes), String(sorted.length), at(0.5), at(0.95), at(0.99), at(1), String(late)])
    await context.close()
  }
  const sorted = first.sort((a, b) => a - b)
  const ms = (value: number): string => `${Math.round(value)} ms`
  console.log(
    `\nFirst view of ${cells.toLocaleString('en')} cells over ${loads} loads: ${ms(sorted[loads >> 1]!)} ` +
      `(${ms(sorted[0]!)} to ${ms(sorted.at(-1)!)})`,
  )
  printTable(
    `Frame time in ms, while ${cells.toLocaleString('en')} cells change every ${everyMs} ms ` +
      `(${moments} recorded messages)`,
    ['tab', 'changes', 'frames', 'median', '95 %', '99 %', 'longest', 'frames over 50 ms'],
    rows,
  )
}
