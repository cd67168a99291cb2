import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embedded } from '../../packages/report/src/file/embedded.ts'
import { cellsOf, reportOf, servedPage } from './cells.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// How a sweep opens for any number of axes: a report file with drawn sweeps, in the built page, without a farm.

const even = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((from + ((to - from) * i) / (count - 1)).toPrecision(12)))

type Params = Readonly<Record<string, unknown>>
const chance = ({ 'update.eta': eta = 0.2, 'update.drift.sigma': sigma = 1, 'let.T': T = 1 }: Params): number =>
  1 / (1 + Math.exp(-8 * (Math.log(5 * Number(eta)) + (Number(sigma) - 1.2) * Number(T))))

const [eta, sigma] = [even(0.02, 0.5, 24), even(0.5, 2, 20)]
const wide = { 'update.eta': even(0.02, 0.5, 100), 'update.drift.sigma': even(0.5, 2, 100) }
const sweeps = [
  cellsOf({}, { name: 'one cell', id: 1 }),
  cellsOf({ 'update.eta': eta }, { name: 'one axis', id: 2, chance }),
  cellsOf({ 'update.eta': even(0.1, 0.9, 9) }, { name: 'other', id: 3, trials: 60, chance }),
  cellsOf({ 'update.eta': eta, 'update.drift.sigma': sigma }, { name: 'two axes', id: 4, chance }),
  cellsOf({ 'update.eta': eta, 'update.drift.sigma': sigma, 'let.T': [0.5, 1, 2] }, { name: 'three', id: 5, chance }),
  cellsOf(
    { 'update.eta': [0.1, 0.2], 'update.drift.sigma': [1, 2], 'let.T': [0.5, 1, 2], seed: [1, 2, 3, 4] },
    { name: 'four', id: 6, chance },
  ),
  cellsOf(wide, { name: 'large', id: 7, chance, state: (at) => (at % 100 > 80 ? 'open' : 'met') }),
  cellsOf(
    { 'update.eta': eta, 'update.drift.sigma': sigma },
    { name: 'failed', id: 8, chance: () => null, state: () => 'failed' },
  ),
  cellsOf({ 'update.rule': ['sgd', 'adam', { momentum: { beta: 0.9 } }] }, { name: 'words', id: 9 }),
  cellsOf({ method: ['direct', 'splitting'], 'update.eta': eta }, { name: 'both', id: 10, chance }),
  cellsOf({ 'update.eta': [0.1, 0.15], 'update.drift.sigma': [1, 1.2] }, { name: 'rare', id: 11, chance }),
  cellsOf({ 'update.eta': [0.1, 0.15], 'update.drift.sigma': [1, 1.2] }, { name: 'search', id: 12, chance }),
]

describe('a sweep of any number of axes', needs('chromium'), () => {
  const folder = temporaryFolder()
  let browser: Browser
  let served: Awaited<ReturnType<typeof servedPage>>
  let watched: Awaited<ReturnType<typeof watchedPage>>
  const page = () => watched.page
  printPageOnFailure(() => watched?.page)
  const cells = () => page().getByRole('application')
  const status = () => page().locator('.map-foot [role=status]')

  const file = join(folder.path, 'report.html')
  const opened = async (options: Parameters<typeof watchedPage>[2] = {}) => {
    const window = await watchedPage(browser, served.url, options)
    await window.page.goto(`${served.url}/`)
    await window.page.locator('input[type=file]').setInputFiles(file)
    await window.page.getByRole('link', { name: 'one axis' }).waitFor()
    return window
  }
  const open = async (name: string, search = ''): Promise<void> => {
    const { id } = sweeps.find(({ sweep }) => sweep.name === name)!.sweep
    await page().evaluate((address) => location.assign(address), `#/sweeps/${id}?${search}`)
    await page().getByRole('heading', { level: 1, name, exact: true }).waitFor()
  }

  beforeAll(async () => {
    served = await servedPage()
    browser = await openBrowser()
    const report = reportOf(sweeps)
    Object.assign(report.at(-1)!.status.cells, { unvisited: 5 })
    writeFileSync(file, await embedded(report as never))
    watched = await opened()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    served?.close()
    folder.remove()
  })

  test('no axis is a number, one a curve, two a map, three a map for each value, a fourth has a slider', async () => {
    await open('one cell')
    await page().getByText('One cell, 400 trials.').waitFor()
    await open('one axis')
    await page()
      .getByRole('application', { name: /^P\(escape\) over eta\./ })
      .waitFor()
    await open('two axes')
    await page()
      .getByRole('application', { name: /^Map of 480 cells over eta and sigma\./ })
      .waitFor()
    await open('three')
    await cells().nth(2).waitFor()
    expect(await page().locator('figcaption').allTextContents()).toEqual(['T 0.5', 'T 1', 'T 2'])
    await open('four')
    await page().getByLabel('seed').fill('2')
    await page().waitForURL(/at=seed%3D2|at=seed=2/)
    await cells().first().focus()
    // The cells with the third seed.
    await status()
      .getByText(/^Cell 2, eta 0.1, sigma 1, T 0.5/)
      .waitFor()
    await open('words')
    await page().getByText('momentum').waitFor()
    await open('both')
    await page()
      .getByRole('application', { name: /^P\(escape\) over eta for method splitting/ })
      .waitFor()
    await page().getByRole('heading', { level: 2, name: 'P(escape) over eta, method' }).waitFor()
  })

  test('a threshold search opens with its boundary; its cells are one click away', async () => {
    await open('search')
    await page().getByRole('tab', { name: 'Figures', selected: true }).waitFor()
    await page().getByRole('tab', { name: 'Results' }).click()
    await page()
      .getByRole('application', { name: /^Map of 4 cells/ })
      .waitFor()
  })

  test('colours of probabilities run from 0 to 1, or over the values of the sweep', async () => {
    const legend = page().getByRole('img', { name: /^P\(escape\) from 0 to/ })
    await open('rare')
    expect(await legend.getAttribute('aria-label')).toBe('P(escape) from 0 to 1')
    await page().getByLabel('colours span this sweep').check()
    await page()
      .getByRole('img', { name: /^P\(escape\) from 0 to 0\.[01]/ })
      .waitFor()
    expect(page().url()).toContain('span=true')
  })

  test('a single row of maps fits on the screen, with its axis and a selection', async () => {
    await page().setViewportSize({ width: 1440, height: 900 })
    await open('two axes')
    await cells().focus()
    await page().keyboard.press('Shift+ArrowRight')
    const axis = (await page().locator('.axis-below').boundingBox())!
    const foot = (await page().locator('.map-foot').boundingBox())!
    expect(axis.y + axis.height).toBeLessThanOrEqual(foot.y)
    expect(foot.y + foot.height).toBeLessThanOrEqual(900)
    expect(await page().evaluate(() => scrollY)).toBe(0)
    await page().keyboard.press('Escape')
    await cells().blur()
  })

  test('the tip stays in the window in every corner, and says what the line says', async () => {
    for (const [width, height] of [
      [390, 844],
      [1440, 900],
    ] as const) {
      await page().setViewportSize({ width, height })
      await open('two axes')
      await cells().scrollIntoViewIfNeeded()
      const box = (await cells().boundingBox())!
      for (const [x, y] of [
        [2, 2],
        [box.width - 2, 2],
        [2, Math.min(box.height, height - box.y) - 60],
        [box.width - 2, Math.min(box.height, height - box.y) - 60],
      ] as const) {
        await page().mouse.move(box.x + x, box.y + y)
        const tip = (await page().locator('.tip').boundingBox())!
        expect(tip.x).toBeGreaterThanOrEqual(0)
        expect(tip.y).toBeGreaterThanOrEqual(0)
        expect(tip.x + tip.width).toBeLessThanOrEqual(width)
        expect(tip.y + tip.height).toBeLessThanOrEqual(height)
        const lines = await page().locator('.tip > div').allTextContents()
        expect(await status().textContent()).toBe(`${lines[0]}: ${lines.slice(1).join(', ')}`)
        // The line is in view, however tall the map is.
        const line = (await status().boundingBox())!
        expect(line.y + line.height).toBeLessThanOrEqual(height)
      }
    }
  })

  test('arrow keys move, Shift selects, the selection is zoomed, Enter opens the cell', async () => {
    await page().mouse.move(0, 0)
    await open('two axes')
    await cells().focus()
    for (const key of ['ArrowRight', 'ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowUp', 'Shift+ArrowUp'])
      await page().keyboard.press(key)
    await page().getByText('Selected: 6 cells').waitFor()
    await page().keyboard.press('Escape')
    await page().getByText('Selected: 6 cells').waitFor({ state: 'detached' })
    expect(page().url()).toContain('/sweeps/')
    await page().keyboard.press('Shift+ArrowLeft')
    await page().getByRole('button', { name: 'Zoom in' }).click()
    await page().getByRole('button', { name: 'Show all cells' }).waitFor()
    expect(decodeURIComponent(page().url())).toContain('zoom=update.eta=1-2,update.drift.sigma=3-3')
    // Back leads out of the zoom, and forward into it; a choice of a list is no step of its own.
    await page().getByLabel('Show').selectOption('trials')
    await page().goBack()
    await page().getByRole('button', { name: 'Show all cells' }).waitFor({ state: 'detached' })
    await page().goForward()
    await page().getByRole('button', { name: 'Show all cells' }).waitFor()
    await cells().focus()
    await page().keyboard.press('Enter')
    await page().waitForURL(/cells\/23$/)
  })

  if (full)
    test('dragging selects cells of a map and of a curve, and does not open one', async () => {
      for (const [name, selected] of [
        ['two axes', /Selected: \d+ cells, eta .* to .*, sigma .* to /],
        ['one axis', /Selected: \d+ cells, eta .* to /],
      ] as const) {
        await open(name)
        await cells().scrollIntoViewIfNeeded()
        const { x, y, width } = (await cells().boundingBox())!
        await page().mouse.move(x + 0.3 * width, y + 20)
        await page().mouse.down()
        await page().mouse.move(x + 0.5 * width, y + 60)
        await page().mouse.move(x + 0.6 * width, y + 90)
        await page().mouse.up()
        await page().getByText(selected).waitFor()
        // The tip would cover the selected cells.
        expect(await page().locator('.tip').count()).toBe(0)
      }
    })

  test('a log legend begins at the smallest number that has a colour; 0 has its own', async () => {
    await open('two axes', 'log=z')
    await page()
      .getByText(/0 of 400 trials \(\d+ cells\)/)
      .waitFor()
    const { value } = sweeps[3]!.estimates.escape!
    const positive = value.filter((each) => each !== null && each > 0) as number[]
    const legend = await page()
      .getByRole('img', { name: /logarithmic/ })
      .getAttribute('aria-label')
    expect(legend).toBe(`P(escape) from ${Math.min(...positive)} to ${Math.max(...positive)}, logarithmic`)
  })

  if (full)
    test('curves of other sweeps are drawn over one; the address keeps them', async () => {
      await open('one axis')
      await page().getByLabel('Draw over it').selectOption({ label: 'other' })
      await page().getByLabel('Draw over it').selectOption({ label: 'two axes' })
      await page()
        .getByText(/two axes \(cannot be drawn: its only axis is not eta\)/)
        .waitFor()
      expect(await page().locator('.curve-line:not([points=""])').count()).toBe(2)
      expect(page().url()).toMatch(/over=0+3(,|%2C)0+4/)
      await page().getByRole('button', { name: 'Hide two axes' }).click()
      await page().getByText('cannot be drawn').waitFor({ state: 'detached' })
    })

  test('a curve of a sweep that is gone says so', async () => {
    await open('one axis', `over=${'f'.repeat(32)}`)
    await page()
      .getByText(/ffff \(cannot be loaded; it may have been removed\)/)
      .waitFor()
    await page().getByRole('button', { name: 'Hide ffff' }).click()
  })

  if (full)
    test('10,000 cells are on whole pixels of any screen', async () => {
      const usual = watched
      watched = await opened({ deviceScaleFactor: 1.5 })
      await open('large')
      const [width, height, shown] = await page()
        .locator('canvas')
        .evaluate((each: HTMLCanvasElement) => [each.width, each.height, each.getBoundingClientRect().width])
      expect([width! % 100, height! % 100]).toEqual([0, 0])
      expect(shown! * 1.5).toBeCloseTo(width!, 1)
      usual.problems.push(...watched.problems)
      await page().context().close()
      watched = usual
    })

  test('all failed: nothing to colour, and the cells say why', async () => {
    await open('failed', 'show=value')
    await page()
      .getByText(/Nothing to colour yet/)
      .waitFor()
    await cells().focus()
    await status()
      .getByText(/no finite estimate yet.*failed/)
      .waitFor()
  })

  describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
    test.each([['one axis'], ['two axes'], ['four']])('%s has no accessibility problems', async (name) => {
      await page().emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await open(name)
      await cells().first().focus()
      await page().keyboard.press('Shift+ArrowRight')
      expect(await accessibilityOf(page())).toEqual([])
    })
  })

  test('the console shows no errors and no policy violations', () => {
    expect(watched.problems.filter((problem) => !/status of 404/.test(problem))).toEqual([])
  })
})
