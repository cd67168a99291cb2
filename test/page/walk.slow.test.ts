import { openSession, type Session } from '@driftfarm/farm'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { begin, type RunningInProcess } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// A walk over the page of a live farm, as a researcher would take it: from an empty farm to trials that are computed
// again in the browser. The steps build on one another.

let browser: Browser | undefined

describe('a walk over the page', needs('chromium'), () => {
  const home = servedHome()
  let session: Session
  let server: RunningInProcess
  let worker: RunningInProcess | undefined
  let listen: string
  let watched: Awaited<ReturnType<typeof watchedPage>>

  beforeAll(async () => {
    session = await openSession({ home })
    listen = `127.0.0.1:${await freePort()}`
    server = begin(['coordinator', '--listen', listen], { home })
    await server.says('API at')
    browser = await openBrowser()
    watched = await watchedPage(browser, `http://${listen}`)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await worker?.interrupt()
    await server?.interrupt()
    await session?.close()
  })

  const page = () => watched.page
  printPageOnFailure(() => watched?.page)
  // A whole word: an incomplete sweep is not complete.
  const state = (word: string) =>
    page()
      .locator('.status-header .chip', { hasText: new RegExp(`\\b${word}\\b`) })
      .waitFor()
  const openMenu = () => page().getByRole('toolbar').getByText('More', { exact: true }).click()
  const steer = async (name: string) => {
    await page().getByRole('toolbar').getByRole('button', { name, exact: true }).click()
    await page()
      .getByRole('dialog')
      .getByRole('button', { name: `${name} the sweep` })
      .click()
    await page().getByRole('dialog').waitFor({ state: 'detached' })
  }

  const spec = `version: 1
name: walked
seed: 5
record: all
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 2000, escape: 'x >= 0' }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  update.drift.sigma: [0.8, 1, 1.2]
trials: 2000000
`

  test('an empty farm shows the first steps', async () => {
    await page().goto(`http://${listen}/`)
    await page().getByText('No sweeps yet.').waitFor()
    await page().getByRole('link', { name: 'Create a sweep' }).click()
    await page().getByRole('heading', { name: 'New sweep' }).waitFor()
  })

  test('a spec with three mistakes shows each at its line, and cannot be submitted', async () => {
    const wrong = spec
      .replace('preset: double-well', 'preset: duble-well')
      .replace('record: all', 'record: al')
      .replace('escape: ', 'escpae: ')
    await page().getByLabel('Spec text').fill(wrong)
    await page().locator('.mistakes li').nth(2).waitFor()
    const mistakes = await page().locator('.mistakes li').allTextContents()
    expect(mistakes.map((text) => text.split(' ')[0])).toEqual([
      expect.stringMatching(/^4:\d+$/),
      expect.stringMatching(/^5:\d+$/),
      expect.stringMatching(/^8:\d+$/),
    ])
    expect(mistakes.join('\n')).toMatch(/mean all.*\n.*double-well.*\n.*escape/)
    expect(await page().getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true)
  })

  test('the fixed spec shows its estimated cost and is submitted; without a worker every cell waits', async () => {
    await page().getByLabel('Spec text').fill(spec)
    await page().getByText('walked: 9 cells, at most 18M trials').waitFor()
    await page().getByRole('button', { name: 'Estimate cost' }).click()
    await page().getByText('9 cells').last().waitFor()
    await page().getByRole('button', { name: 'Submit' }).click()
    await page().getByRole('heading', { name: 'walked' }).waitFor()
    await page()
      .getByText(/no worker is running/)
      .first()
      // On a busy machine no coordinator has reported yet: that is said first.
      .waitFor({ timeout: 60_000 })
    await page().getByText('waiting for a free thread').waitFor()
    await page().getByRole('application').focus()
    await page()
      .getByText(/Cell \d, .*waiting/)
      .waitFor()
  })

  test('a failed batch is shown with its cause', async () => {
    const answer = await page().request.post(`http://${listen}/api/v1/sweeps`, {
      headers: { 'content-type': 'application/yaml' },
      data: spec.replace('walked', 'fails').replace('seed: 5', 'seed: 6').replace('2000000', '100'),
    })
    expect(answer.status()).toBe(201)
    const { id } = (await answer.json()).data.sweep
    await failEveryBatch(session, id)
    await page().goto(`http://${listen}/#/sweeps/fails?tab=failures`)
    await page().getByRole('heading', { name: 'throw: the kernel broke' }).waitFor()
    await state('incomplete')
  })

  test('with a worker the batch is retried, and the sweep completes', async () => {
    worker = begin(['worker', '--threads', '1'], { home })
    await worker.says('ready')
    await page().getByRole('tabpanel').getByRole('button', { name: 'Retry' }).click()
    await page().getByRole('dialog').getByRole('button', { name: 'Retry' }).click()
    await state('complete')
  })

  test('after trials are added the sweep continues, and so does the page', async () => {
    await page().getByRole('toolbar').getByRole('button', { name: 'Add trials' }).click()
    await page()
      .getByRole('dialog')
      .getByLabel(/^Total trials per cell \(now 100\)$/)
      .fill('200')
    await page().getByRole('dialog').getByRole('button', { name: 'Add trials' }).click()
    // A warning says that the intervals become wider.
    await page().getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    // This takes 2 s alone, but took 31 s once in the full tier.
    await page().locator('.facts dd', { hasText: '1800 of 1800' }).waitFor({ timeout: 60_000 })
    await state('complete')
  })

  test('the list shows both sweeps; the address contains the filter', async () => {
    await page().getByRole('link', { name: 'Sweeps', exact: true }).click()
    await page().getByRole('link', { name: 'walked' }).waitFor()
    await page().getByLabel('Name').fill('fail')
    await page().getByRole('link', { name: 'walked' }).waitFor({ state: 'detached' })
    expect(page().url()).toContain('fail')
    // The address follows later; the cursor stays where the reader types.
    await page().getByLabel('Name').press('Home')
    await page().keyboard.type('-x -')
    expect(await page().getByLabel('Name').inputValue()).toBe('-x -fail')
    await page().getByRole('link', { name: 'walked' }).waitFor()
    await page().getByLabel('Name').fill('')
    await page()
      .getByRole('img', { name: /^escape over .*: / })
      .first()
      .waitFor()
    await page().getByRole('button', { name: 'Name', exact: true }).click()
    await page().locator('th[aria-sort=ascending]', { hasText: 'Name' }).waitFor()
    expect(page().url()).toContain('order=name')
    await page().goto(`http://${listen}/#/sweeps/walked`)
  })

  test('a title with markup, notes and tags are shown as text, in the sweep and in the list', async () => {
    await page().getByRole('button', { name: 'Title and notes' }).click()
    const dialog = page().getByRole('dialog')
    await dialog.getByLabel('Title', { exact: true }).fill('<i>First</i> walk')
    await dialog.getByLabel('Notes', { exact: true }).fill('to be removed')
    await dialog.getByLabel(/^Tags/).fill('of: tests')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page().getByRole('heading', { name: '<i>First</i> walk' }).waitFor()
    await page().getByText('to be removed').waitFor()
    await page().goto(`http://${listen}/#/?tag=of:tests`)
    await page().getByRole('link', { name: '<i>First</i> walk' }).waitFor()
    await page().goto(`http://${listen}/#/sweeps/walked`)
  })

  test('the sweep is watched, paused and resumed', async () => {
    await state('running')
    await steer('Pause')
    await state('paused')
    await steer('Resume')
    await state('running')
    await page()
      .locator('.facts dd', { hasText: /^[1-9][\d.]*[kM]? of 18M$/ })
      .waitFor()
  })

  test('a cell is opened from the map; a trial computed in the browser agrees with the farm bit for bit', async () => {
    await page().getByLabel('Show', { exact: true }).selectOption('state')
    await page().getByRole('application').focus()
    await page().keyboard.press('Enter')
    await page()
      .getByRole('heading', { name: /^Cell \d/ })
      .waitFor()
    await page().getByRole('tab', { name: 'Trials', exact: true }).click()
    await page().getByRole('button', { name: 'Show the first 20 trials' }).click()
    await page()
      .getByRole('region', { name: 'Individual trials' })
      .getByRole('button', { name: '3', exact: true })
      .click()
    await page().getByText('WebAssembly and the reference implementation agree bit for bit.').waitFor()
    await page()
      .getByText(/The farm computes the same result bit for bit/)
      .waitFor()
    // The remaining tests need no more trials, and run faster without the worker.
    await worker?.interrupt()
    worker = undefined
  })

  test('ten recorded trials are checked in the browser', async () => {
    // Whichever cell was opened before, this one has recorded trials by now.
    await page().goto(`http://${listen}/#/sweeps/fails/cells/2?tab=trials`)
    // The previous cell is shown until this one is loaded.
    await page()
      .getByRole('heading', { name: /^Cell 2/ })
      .waitFor()
    await page().getByRole('link', { name: '‹ fails' }).waitFor()
    // Figures that load later would move the button away from the pointer.
    await page()
      .getByRole('img', { name: /share of trials/ })
      .waitFor()
    await page()
      .getByText(/trial 0: /)
      .waitFor()
    await page().getByRole('button', { name: 'Check in this browser' }).click()
    await page().getByText('Recorded trials checked: 10. This browser and the farm agree bit for bit.').waitFor()
    await page().getByLabel('Trial', { exact: true }).fill('999')
    await page().getByRole('button', { name: 'Replay the trial' }).click()
    await page()
      .getByText(/Trial 999 is not one of them/)
      .waitFor()
  })

  test('exact values and Theorem 1 bounds are computed on request', async () => {
    await page().getByRole('tab', { name: 'Theory' }).click()
    await page().getByRole('region', { name: 'Exact values' }).waitFor()
    await page()
      .getByText(/^Condition 1/)
      .waitFor()
  })

  test('the essentials of a cell are on one screen; arrow keys go to its neighbours, except while typing', async () => {
    await page().goto(`http://${listen}/#/sweeps/fails/cells/4`)
    const cell = (index: number) => page().getByRole('heading', { name: new RegExp(`^Cell ${index} `) })
    await cell(4).waitFor()
    const landscape = page().getByRole('img', { name: /^Graph of the loss; 5 trials/ })
    await landscape.waitFor()
    // Trials with the same outcome have shades of one colour, which is that of the outcome in all figures.
    const trials = await page()
      .locator('.landscape .key > span')
      .evaluateAll((all) => all.map((each) => [each.textContent, each.firstElementChild!.getAttribute('style')]))
    expect(trials).toHaveLength(5)
    for (const [text, style] of trials)
      expect(style).toMatch(/escaped/.test(text!) ? /\(--figure-2(-\d)?\)/ : /\(--figure-undecided(-\d)?\)/)
    expect(new Set(trials.map(([, style]) => style)).size).toBe(5)
    await page()
      .locator('.answer', { hasText: /exact value [\d.e−]+ (in|out)side the interval/ })
      .waitFor()
    for (const each of [landscape, page().getByRole('img', { name: /share of trials/ }), page().locator('.facts')]) {
      const { y, height } = (await each.boundingBox())!
      expect(y + height).toBeLessThanOrEqual(900)
    }
    const names = await page()
      .getByRole('navigation', { name: 'Neighbouring cells' })
      .getByRole('button')
      .allTextContents()
    expect(names.toSorted()).toEqual(['eta 0.1 → 0.05', 'eta 0.1 → 0.2', 'sigma 1 → 0.8', 'sigma 1 → 1.2'])
    // Takes the focus away from the tabs, which use the arrow keys themselves.
    await page().getByRole('heading', { level: 1 }).click()
    await page().keyboard.press('ArrowRight')
    await cell(4).waitFor({ state: 'detached' })
    const there = await page().getByRole('heading', { level: 1 }).textContent()
    await page().keyboard.press('ArrowLeft')
    await cell(4).waitFor()
    await page().keyboard.press('ArrowUp')
    await cell(4).waitFor({ state: 'detached' })
    expect(await page().getByRole('heading', { level: 1 }).textContent()).not.toBe(there)
    await page()
      .getByRole('button', { name: /→ (0.1|1)$/ })
      .click()
    await cell(4).waitFor()
    await page().getByRole('slider', { name: 'Step' }).press('ArrowLeft')
    await page().getByRole('tab', { name: 'Trials', exact: true }).press('ArrowRight')
    await page()
      .getByText(/^step 1999 of 2000$/)
      .waitFor()
    expect(await cell(4).isVisible()).toBe(true)
    // The cells that the arrow keys passed are not in the history.
    await page().goBack()
    await cell(2).waitFor()
  })

  test('a cell that does not exist leads to its sweep, and a sweep that does not exist to the list', async () => {
    await page().goto(`http://${listen}/#/sweeps/fails/cells/99`)
    await page().getByRole('link', { name: 'All cells of the sweep' }).click()
    await page().getByRole('heading', { name: 'fails' }).waitFor()
    await page().goto(`http://${listen}/#/sweeps/missing`)
    await page().getByRole('alert').getByRole('link', { name: 'All sweeps' }).click()
    await page().getByRole('heading', { name: 'Sweeps' }).waitFor()
  })

  test('two sweeps are compared; the command beside the figure names them by their ids', async () => {
    await page().goto(`http://${listen}/#/sweeps/fails?tab=compare&with=walked`)
    await page()
      .getByText(/\d of \d cells? differs?: a cell is counted if 0 is outside the interval/)
      .waitFor()
    const chosen = page().getByLabel('Compare with').locator('option:checked')
    expect(await chosen.textContent()).toBe('walked')
    await page().getByText('The same on the command line').first().click()
    await page()
      .getByText(/^driftfarm compare [0-9a-f]{12} [0-9a-f]{12} --figure differences\.svg$/)
      .waitFor()
  })

  test('selected cells are opened as a new sweep with more trials', async () => {
    await page().goto(`http://${listen}/#/sweeps/fails`)
    await page().getByRole('application').focus()
    await page().keyboard.press('Shift+ArrowRight')
    await page().getByRole('button', { name: 'More trials: 2000 each' }).click()
    await page().getByText('fails-2: 2 cells, at most 4000 trials').waitFor()
  })

  test('a copied link opens the same view; a copy of the spec does not continue the selection', async () => {
    await page().context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page().goto(`http://${listen}/#/sweeps/fails?tab=map&quantity=meanLoss`)
    await page().getByRole('button', { name: 'Copy link' }).click()
    await page().getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page().evaluate('navigator.clipboard.readText()')).toBe(page().url())
    await page().getByRole('link', { name: 'Change and run again' }).click()
    await page().getByText('fails-2: 9 cells, at most 1800 trials').waitFor()
    await page().getByRole('button', { name: 'Open the earlier draft' }).click()
    await page().getByText('fails-2: 2 cells, at most 4000 trials').waitFor()
  })

  test('the page reconnects by itself after a restart of the server', async () => {
    await page().goto(`http://${listen}/#/sweeps/walked`)
    await state('running')
    const before = watched.problems.length
    await server.interrupt()
    await page().locator('.live-lost').waitFor()
    server = begin(['coordinator', '--listen', listen], { home })
    await server.says('API at')
    await page().locator('.live-live').waitFor({ timeout: 60_000 })
    // The browser itself logs requests that failed meanwhile.
    watched.problems.splice(before)
    await state('running')
  })

  test('the sweep is cancelled and removed; Escape removes nothing and stays', async () => {
    await openMenu()
    await page().keyboard.press('Escape')
    expect(await page().getByRole('toolbar').getByRole('button', { name: 'Cancel' }).isVisible()).toBe(false)
    await openMenu()
    await steer('Cancel')
    await state('cancelled')
    // The verdict is about finished cells only, and says that the sweep was cancelled.
    await page()
      .getByText(/^Cancelled with \d of 9 cells finished/)
      .waitFor()
    await openMenu()
    await page().getByRole('toolbar').getByRole('button', { name: 'Remove' }).click()
    await page()
      .getByText(/^9 cells and .* trials will be lost$/)
      .waitFor()
    await page().keyboard.press('Escape')
    await page().getByRole('dialog').waitFor({ state: 'detached' })
    expect(page().url()).toContain('/sweeps/walked')
    await openMenu()
    await page().getByRole('toolbar').getByRole('button', { name: 'Remove' }).click()
    await page().getByRole('dialog').getByRole('textbox').fill('walked')
    await page().getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await page().getByRole('heading', { name: 'Sweeps' }).waitFor()
    await page().getByText('walked: removed, with 9 cells that no other sweep contains').waitFor()
    await page().getByRole('link', { name: '<i>First</i> walk' }).waitFor({ state: 'detached' })
  })

  describe.each(['light', 'dark'] as const)('no view has accessibility problems in %s colours', (colorScheme) => {
    test.each([
      ['/', 'Sweeps'],
      ['/sweeps/fails', 'fails'],
      ['/sweeps/fails?tab=figures', 'fails'],
      ['/sweeps/fails?tab=cells', 'fails'],
      ['/sweeps/fails?tab=compare', 'fails'],
      ['/sweeps/fails?tab=work', 'fails'],
      ['/sweeps/fails?tab=failures', 'fails'],
      ['/sweeps/fails?tab=spec', 'fails'],
      ['/sweeps/fails/cells/4', /^Cell 4/],
      ['/sweeps/fails/cells/4?tab=theory', /^Cell 4/],
      ['/farm', 'Farm'],
      ['/new', 'New sweep'],
      ['/play', 'Playground'],
      ['/sweeps/nowhere', null],
    ])('%s', async (address, heading) => {
      await page().emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page().goto(`http://${listen}/#${address}`)
      if (heading === null) await page().getByRole('alert').waitFor()
      else await page().getByRole('heading', { name: heading, level: 1 }).waitFor()
      await page().locator('.waiting').first().waitFor({ state: 'detached' })
      expect(await accessibilityOf(page())).toEqual([])
    })
  })

  test.each(['/', '/sweeps/fails'])('%s loads less than 250 kB', async (address) => {
    // A new context has an empty cache.
    const { page } = await watchedPage(browser!, `http://${listen}`)
    const sizes: Promise<number>[] = []
    page.on('requestfinished', (request) => {
      if (!request.url().includes('/api/')) sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
    })
    await page.goto(`http://${listen}/#${address}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.waiting').first().waitFor({ state: 'detached' })
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    await page.context().close()
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(250_000)
  })

  test('the console shows no errors, policy violations or requests to other hosts', () => {
    // The browser also logs documents that were answered with 404.
    expect(watched.problems.filter((problem) => !/status of 404/.test(problem))).toEqual([])
  })
})

/** Acts as a worker with a broken kernel: every batch of a sweep fails until its attempts are used up. */
async function failEveryBatch({ database, ledger }: Session, sweepId: string): Promise<void> {
  const deadline = Date.now() + 60_000
  const breaking = { id: 'breaking', kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: KERNEL_VERSION }
  while (Date.now() < deadline) {
    // Without this the worker would count as dead between a lease and its failure.
    await ledger.register(breaking)
    const { rows } = await database.pool.query<{ bundle: string | null; state: string }>(
      `select p.bundle, p.state from farm.pending p join farm.request d on d.cell_id = p.cell_id where d.sweep_id = $1`,
      [sweepId],
    )
    if (rows.length > 0 && rows.every(({ state }) => state === 'failed')) return ledger.deregister(breaking.id)
    for (const bundle of new Set(rows.flatMap(({ bundle }) => (bundle === null ? [] : [Number(bundle)])))) {
      const { batches } = await ledger.lease({ bundle }, 'breaking')
      for (const lease of batches) await ledger.fail(lease, 'breaking', { kind: 'throw', message: 'the kernel broke' })
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('the batches did not fail for good within a minute')
}
