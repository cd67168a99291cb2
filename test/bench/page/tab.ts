import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Browser, openBrowser, type Page } from '@driftfarm/testing/browser'
import { root } from '@driftfarm/testing/command'
import { freePort } from '@driftfarm/testing/port'
import { writeSpec } from '@driftfarm/testing/spec'
import { printTable } from '../kernel/measure.ts'
import { openHome } from '../sweeps/home.ts'
import { environment, said } from '../sweeps/processes.ts'

// What a reader sees of a real sweep of 10,000 cells: how long until its first trials, how often its numbers move, how
// long frames are, and the memory of the tab. `npm run bench tab -- --minutes 10`: 1 minute unless given.

const build = join(root, 'packages/cli/bin/driftfarm.js')
const cells = 10_000

export async function benchTab(options: readonly string[]): Promise<void> {
  const given = options.indexOf('--minutes')
  const minutes = given < 0 ? 1 : Number(options[given + 1])
  const browser = await openBrowser()
  const home = await openHome(build)
  const address = `http://127.0.0.1:${await freePort()}`
  const up = spawn(process.execPath, [build, 'up', '--listen', address.slice('http://'.length), '--threads', '1'], {
    env: environment(home.folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    await Promise.race([said(up.stderr, 'ready'), said(up.stdout, 'ready')])
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(address)
    const began = performance.now()
    const sweep = await submit(home.folder, address)
    await page.goto(`${address}/#/sweeps/${sweep}`)
    await page
      .locator('.facts')
      .getByText(/^[1-9][\d.]*[kMG]? of/)
      .first()
      .waitFor({ timeout: 60_000 })
    const first = performance.now() - began
    const rows: string[][] = []
    for (let minute = 1; minute <= minutes; minute++) {
      const { gaps, frames } = await lookAt(page, 50_000)
      const late = frames.filter((frame) => frame > 50).length
      const [heap, renderer] = await memory(browser, page)
      rows.push([
        String(minute),
        String(gaps.length),
        (Math.max(...gaps) / 1000).toFixed(1),
        String(frames.length),
        Math.max(...frames).toFixed(1),
        String(late),
        heap.toFixed(0),
        renderer.toFixed(0),
      ])
      if (minute < minutes) await delay(10_000)
    }
    console.log(`\nFirst trials on the page ${(first / 1000).toFixed(1)} s after the submission of 10,000 cells`)
    printTable(
      'The page of a sweep of 10,000 cells, for 50 s of each minute; memory in MB',
      [
        'minute',
        'updates',
        'longest wait in s',
        'frames',
        'longest in ms',
        'frames over 50 ms',
        'JavaScript heap',
        'whole process of the tab',
      ],
      rows,
    )
  } finally {
    up.kill('SIGINT')
    await once(up, 'exit')
    await browser.close()
    await home.close()
  }
}

async function submit(folder: string, address: string): Promise<string> {
  const spec = writeSpec(folder, 'tab', {
    version: 1,
    name: 'tab',
    seed: 1,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 100, escape: 'x >= 0' },
    sweep: {
      'update.eta': { from: 0.05, to: 0.3, count: 100 },
      'update.drift.sigma': { from: 0.5, to: 2, count: cells / 100 },
    },
    // It outlives the measurement.
    trials: 1e6,
  })
  const answer = await fetch(`${address}/api/v1/sweeps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: readFileSync(spec, 'utf8'),
  })
  return ((await answer.json()) as { data: { sweep: { id: string } } }).data.sweep.id
}

/** Times in ms between updates of the facts of the sweep, and of all frames. */
function lookAt(page: Page, ms: number): Promise<{ gaps: number[]; frames: number[] }> {
  return page.evaluate(`new Promise((done) => {
    const [gaps, frames] = [[], []]
    let [updated, last] = [performance.now(), performance.now()]
    const end = last + ${ms}
    const observer = new MutationObserver(() => {
      const now = performance.now()
      gaps.push(now - updated)
      updated = now
    })
    observer.observe(document.querySelector('.facts'), { subtree: true, characterData: true, childList: true })
    requestAnimationFrame(function look(now) {
      frames.push(now - last)
      last = now
      if (now < end) return requestAnimationFrame(look)
      observer.disconnect()
      gaps.push(performance.now() - updated)
      done({ gaps, frames })
    })
  })`)
}

/** The JavaScript heap after a collection, and the memory that the process of the tab has for itself, in MB. */
async function memory(browser: Browser, page: Page): Promise<[number, number]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
  await session.detach()
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  await whole.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateMB(id))
  return [heap / 1e6, Math.max(...renderers)]
}

function privateMB(pid: number): number {
  const kilobytes = [...readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB/gm)]
  return kilobytes.reduce((sum, [, count]) => sum + Number(count), 0) / 1000
}
