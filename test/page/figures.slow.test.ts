import { readFile } from 'node:fs/promises'
import { openSession, type Session } from '@driftfarm/farm'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { begin, type RunningInProcess } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Figures in the page: which kinds are offered, their downloads, help, the title of the tab, and one time axis.

describe('figures in the page', needs('chromium'), () => {
  const home = servedHome()
  const docs = 'https://docs.example.org/book'
  let browser: Browser | undefined
  let session: Session
  let farm: RunningInProcess
  let listen: string
  let watched: Awaited<ReturnType<typeof watchedPage>>
  const page = () => watched.page
  printPageOnFailure(() => watched?.page)

  const spec = (name: string, axes: string) => `version: 1
name: ${name}
seed: 5
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 500, escape: 'x >= 0' }
${axes}trials: 300
`
  const two = `sweep:
  update.eta: { from: 0.02, to: 0.2, count: 4, scale: log }
  update.drift.sigma: [0.8, 1, 1.2]
`

  beforeAll(async () => {
    session = await openSession({ home })
    listen = `127.0.0.1:${await freePort()}`
    farm = begin(['up', '--threads', '1', '--listen', listen, '--docs-url', docs], { home })
    await farm.says('API at')
    browser = await openBrowser()
    watched = await watchedPage(browser, `http://${listen}`, { acceptDownloads: true })
    for (const body of [spec('two-axes', two), spec('no-axis', '')]) {
      const headers = { 'content-type': 'application/yaml' }
      const answer = await fetch(`http://${listen}/api/v1/sweeps`, { method: 'POST', headers, body })
      expect(answer.status, await answer.text()).toBe(201)
    }
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await farm?.interrupt()
    await session?.close()
  })

  const open = async (sweep: string, rest = '?tab=figures') => {
    await page().goto(`http://${listen}/#/sweeps/${sweep}${rest}`)
    await page().locator('.status-header .chip', { hasText: 'complete' }).waitFor({ timeout: 120_000 })
  }
  const kinds = () => page().getByLabel('Figure', { exact: true }).locator('option').allTextContents()
  const saved = async (name: string) => {
    const [file] = await Promise.all([
      page().waitForEvent('download'),
      page().getByRole('toolbar', { name: 'Download the figure' }).getByText(name, { exact: true }).click(),
    ])
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }

  test('two axes open as a map; kinds that cannot apply are not offered, and the reason is given', async () => {
    await open('two-axes')
    await page().locator('.drawing svg').waitFor()
    expect(await page().locator('.drawing svg > title').textContent()).toContain('over sigma and eta')
    expect(await kinds()).toEqual([
      'estimate against an axis',
      'map over two axes',
      'escaped fraction by step',
      'trial outcomes',
      'fit of a formula',
      'residuals of a fit',
      'estimate against the number of trials',
      'paths of trials',
    ])
    await page().getByText('Other kinds of figures').click()
    await page().getByText('contrasts: the sweep has no contrasts').waitFor()
    expect(await page().title()).toBe('two-axes · Figures · 12 cells · Drift Farm')
    await open('no-axis')
    await page().locator('.drawing svg > title', { hasText: 'outcomes of trials' }).waitFor({ state: 'attached' })
    expect(await kinds()).not.toContain('map over two axes')
  })

  test('the boxes of the axes show which are logarithmic, and the caption says the filter', async () => {
    await open('two-axes')
    const box = (name: string) => page().getByRole('checkbox', { name, exact: true })
    await box('log y').and(page().locator(':checked:disabled')).waitFor()
    expect(await page().getByTitle('always logarithmic').count()).toBe(1)
    await box('log x').and(page().locator(':enabled:not(:checked)')).click()
    await box('log x').and(page().locator(':enabled:checked')).waitFor()
    await page().getByLabel('Filter').fill('sigma > 0.9')
    await page().getByLabel('Filter').press('Enter')
    await page().getByText('sigma > 0.9: 8 of 12 cells.').waitFor()
  })

  test('every kind that is offered can be drawn, and its caption has no words of the command line', async () => {
    await open('two-axes')
    for (const [label, formula] of [
      ...(await kinds()).filter((kind) => !/fit/.test(kind)).map((kind) => [kind, null] as const),
      ['fit of a formula', 'log(escapeRate) ~ 1/sigma'] as const,
    ]) {
      await page().getByLabel('Figure', { exact: true }).selectOption({ label })
      if (formula !== null) {
        await page().getByLabel('Formula').fill(formula)
        await page().getByLabel('Formula').press('Enter')
      }
      await page().getByText('Drawing …').waitFor({ state: 'detached', timeout: 60_000 })
      await page().locator('.drawing svg').waitFor()
      expect(await page().locator('.failure').allTextContents(), label).toEqual([])
      const caption = await page().locator('.figure figcaption > span').allTextContents()
      expect(caption.join(' ')).not.toMatch(/ --[a-z]|terminal|command/)
      expect(await accessibilityOf(page()), label).toEqual([])
    }
  })

  test('a figure is downloaded as SVG, PNG, PDF and CSV, and the sweep as a report', async () => {
    await open('two-axes')
    await page().locator('.drawing svg').waitFor()
    const svg = await saved('SVG')
    expect(svg.name).toBe('two-axes-map.svg')
    expect(svg.bytes.toString()).toContain('<title>two-axes: P(escape) over sigma and eta</title>')
    const csv = await saved('CSV')
    expect(csv.bytes.toString().split('\n')[0]).toBe(
      'layer,cell,update.drift.sigma,update.eta,P(escape),escape low,escape high',
    )
    expect(csv.bytes.toString().match(/^(done|below target),/gm)).toHaveLength(12)
    expect((await saved('PNG')).bytes.subarray(1, 4).toString()).toBe('PNG')
    await page().getByLabel('without title and caption').check()
    const pdf = await saved('PDF')
    expect([pdf.name, pdf.bytes.subarray(0, 5).toString()]).toEqual(['two-axes-map.pdf', '%PDF-'])
    expect((await saved('SVG')).bytes.toString()).not.toContain('font-weight="bold">two-axes')
    const [report] = await Promise.all([
      page().waitForEvent('download'),
      page().getByText('Report (HTML)', { exact: true }).click(),
    ])
    expect(report.suggestedFilename()).toBe('two-axes.html')
    expect(await readFile(await report.path(), 'utf8')).toContain('<html')
  })

  test('a report file offers what needs no farm: a PNG drawn by the browser, no PDF', async () => {
    const answer = await fetch(`http://${listen}/api/v1/sweeps/two-axes/report.html`)
    await page().goto(`http://${listen}/#/`)
    await page().getByText('Report files').click()
    await page()
      .getByLabel('Open a report file')
      .setInputFiles({ name: 'two.html', mimeType: 'text/html', buffer: Buffer.from(await answer.text()) })
    await page().getByText('two.html').waitFor()
    await page().getByRole('link', { name: 'two-axes' }).click()
    await page().getByRole('tab', { name: 'Figures' }).click()
    await page().locator('.drawing svg').waitFor()
    expect(await kinds()).not.toContain('fit of a formula')
    const tools = page().getByRole('toolbar', { name: 'Download the figure' })
    expect(await tools.getByText('PDF').count()).toBe(0)
    const png = await saved('PNG')
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
    // The width of the picture: two pixels for each of 720 units.
    expect(png.bytes.readUInt32BE(16)).toBe(1440)
    await page().getByRole('button', { name: 'Back to the farm' }).click()
  })

  test('help explains a term and links to the documentation; Escape closes it', async () => {
    await open('two-axes')
    const help = page().getByRole('button', { name: 'Help: Kinds of figures' })
    await help.focus()
    await page().keyboard.press('Enter')
    const note = page().getByRole('note', { name: 'Kinds of figures' })
    await note.waitFor()
    expect(await note.getByRole('link').getAttribute('href')).toBe(`${docs}/howto/plot.html#kinds`)
    const box = await note.boundingBox()
    expect(box!.x >= 0 && box!.x + box!.width <= 1440).toBe(true)
    await page().keyboard.press('Escape')
    await note.waitFor({ state: 'hidden' })
    expect(page().url()).toContain('tab=figures')
  })

  test('speed and work share one time axis; only sweeps pause, the page freezes', async () => {
    await open('two-axes', '?tab=work')
    await page().locator('.timed svg').first().waitFor()
    const edges = await page()
      .locator('.timed svg')
      .evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().left)))
    expect(edges.length).toBeGreaterThan(1)
    expect(new Set(edges).size).toBe(1)
    expect(await page().locator('.times').count()).toBe(1)
    await page().getByRole('link', { name: 'Farm', exact: true }).click()
    await page().getByRole('heading', { name: 'Farm', level: 1 }).waitFor()
    await page().locator('.timed svg').first().waitFor()
    expect(await page().title()).toBe('Farm · Drift Farm')
    await page().getByRole('button', { name: 'Freeze page' }).click()
    await page().getByText('frozen', { exact: true }).waitFor()
    await page().getByRole('button', { name: 'Update page' }).click()
    expect(await page().getByRole('button', { name: /pause/i }).count()).toBe(0)
    expect(watched.problems).toEqual([])
  })
})
