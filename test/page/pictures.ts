import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '@driftfarm/testing/browser'
import { root, start } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { freePort } from '@driftfarm/testing/port'

// npm run pictures: takes the screenshots of the page for README.md and the documentation. The seeds are fixed.

const map = `version: 1
name: barrier-map
seed: 9
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 300, escape: 'x >= 0' }
sweep:
  update.eta: { from: 0.02, to: 0.3, count: 24 }
  update.drift.sigma: { from: 0.5, to: 2, count: 20 }
trials: 2000
`
const browser = await openBrowser()
const folder = temporaryFolder()
const address = `127.0.0.1:${await freePort()}`
const farm = start(['up', '--threads', '1', '--listen', address], { home: folder.path })
await farm.says('API at')
for (const body of [map, readFileSync(join(root, 'examples/double-well.yaml'), 'utf8')]) {
  const answer = await fetch(`http://${address}/api/v1/sweeps`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body,
  })
  if (answer.status !== 201) throw new Error(await answer.text())
}
const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, deviceScaleFactor: 1.5 })
const page = await context.newPage()
/** Takes a screenshot of the top of the page, with this height. */
async function picture(name: string, height: number): Promise<void> {
  await page.setViewportSize({ width: 1200, height })
  await page.waitForTimeout(1_000)
  await page.screenshot({ path: join(root, `docs/images/${name}.png`) })
}

await page.goto(`http://${address}/#/sweeps/barrier-map`)
await page.locator('.status-header .chip', { hasText: 'complete' }).waitFor({ timeout: 120_000 })
await picture('sweep', 1055)

// A trial that leaves its minimum.
const rows = await fetch(`http://${address}/api/v1/sweeps/double-well/rows?format=csv`)
const escaped = /^7,(\d+),escaped/m.exec(await rows.text())![1]!
await page.goto(`http://${address}/#/sweeps/double-well/cells/7?tab=trials`)
await page.getByLabel('Trial', { exact: true }).fill(escaped)
await page.getByRole('button', { name: 'Replay the trial' }).click()
await page.getByText(/The farm computes the same result bit for bit/).waitFor({ timeout: 60_000 })
await page.waitForTimeout(1_000)
await page.locator('section[aria-label=Trials]').screenshot({ path: join(root, 'docs/images/trial.png') })

await page.goto(`http://${address}/#/play`)
await page.locator('.play [aria-busy=false]').waitFor({ timeout: 60_000 })
// The trials are drawn step by step over six seconds.
await page.waitForTimeout(7_000)
await picture('play', 900)

await browser.close()
farm.child.kill('SIGINT')
await farm.finished
folder.remove()
