import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents, type Figure, landscapeFigure, palette } from '@driftfarm/report'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs } from '@driftfarm/testing/program'
import { type StaticFiles, serveFiles } from '@driftfarm/testing/staticFiles'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mapFigure } from '../../packages/report/src/figures/map.ts'
import { read } from '../../packages/report/src/fixtures/issues.ts'
import { cell, results } from '../../packages/report/src/fixtures/results.ts'

// The custom element and the widget for notebooks, in a page that has nothing else, under the content security policy
// of the site.

const envelope = (kind: string, data: unknown, warnings: readonly string[] = []) =>
  read({ schemaVersion: 1, kind, data, warnings })

const cells = [0.1, 0.2, 0.3].flatMap((eta, row) =>
  [1, 2, 3].map((sigma, at) =>
    cell(3 * row + at, { 'update.eta': eta, 'update.drift.sigma': sigma }, 10 * (row + at), 100),
  ),
)
const grid = { ...results, cells }
const landscape = landscapeFigure({
  title: 'plane',
  coordinates: ['x', 'y'],
  view: [
    [-2, 2],
    [0, 2],
  ],
  columns: 4,
  rows: 2,
  losses: [1, 2, 3, 4, 5, 6, 7, 8],
  marks: [{ at: [0, 1], name: 'middle' }] as never,
  sentences: ['The loss of `plane`.'],
})
const points = [0, 50, 100].map((step) => {
  const value = step / 200
  return {
    step,
    escaped: step,
    value,
    low: 0.9 * value,
    high: 1.1 * value,
    bandLow: 0.8 * value,
    bandHigh: 1.2 * value,
  }
})
const curve = {
  ...{ index: 0, id: 'c'.repeat(32), params: {}, trials: 200, event: 'first escape', confidence: 0.95 },
  ...{ method: 'clopper-pearson', band: 'dkw', points, ends: [] },
}
const map = envelope('Figure', mapFigure(grid))
const report = envelope('Results', grid, ['a warning'])

const hostile = '<img src=x onerror=injected()><script>injected()</script>"><b onclick="injected()">'

/** Replaces each text that the shape of the document does not fix, and adds a parameter with a hostile name. */
function withHostileTexts(document: { readonly kind: string }) {
  const { shape } = documents[document.kind as 'Figure']
  let replaced = 0
  const walk = (at: Record<string, unknown>): void => {
    for (const [key, value] of Object.entries(at)) {
      if (typeof value === 'object' && value !== null) walk(value as Record<string, unknown>)
      if (typeof value !== 'string') continue
      at[key] = hostile
      if (shape.safeParse(document).success) replaced++
      else at[key] = value
    }
    if ('update.eta' in at) at[`${hostile}.${hostile}`] = at['update.eta']
  }
  walk(document as never)
  return { document, replaced }
}

describe('the element drift-farm', needs('chromium'), () => {
  const folder = temporaryFolder()
  let browser: Browser
  let files: StaticFiles
  let watched: Awaited<ReturnType<typeof watchedPage>>
  const page = () => watched.page
  printPageOnFailure(() => watched?.page)

  const [, policy] = /content="([^"]*default-src[^"]*)"/.exec(
    readFileSync(join(root, 'packages/dashboard/site.html'), 'utf8'),
  )!
  const write = (name: string, content: unknown) => writeFileSync(join(folder.path, name), JSON.stringify(content))

  beforeAll(async () => {
    copyFileSync(join(root, 'packages/dashboard/dist/site/element.js'), join(folder.path, 'element.js'))
    write('map.json', map)
    write('results.json', report)
    writeFileSync(join(folder.path, 'text.txt'), 'a text')
    // A browser requests it once, at a time of its own.
    writeFileSync(join(folder.path, 'favicon.ico'), '')
    writeFileSync(
      join(folder.path, 'bare.html'),
      `<!doctype html><html lang="en"><title>Bare</title><meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<script type="module" src="element.js"></script><main><h1>Bare</h1><drift-farm></drift-farm></main></html>`,
    )
    files = await serveFiles(folder.path)
    browser = await openBrowser()
    await open('light')
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    files?.close()
    folder.remove()
  })

  async function open(colorScheme: 'light' | 'dark'): Promise<void> {
    await watched?.page.context().close()
    watched = await watchedPage(browser, files.origin, { colorScheme, viewport: { width: 800, height: 800 } })
    await page().goto(`${files.origin}/bare.html`)
  }

  type Properties = { readonly document?: unknown; readonly src?: string }
  async function show(properties: Properties): Promise<void> {
    await page().evaluate(`Object.assign(document.querySelector('drift-farm'), ${JSON.stringify(properties)})`)
    await page().locator('drift-farm [aria-busy=false]').waitFor({ state: 'attached' })
  }
  const inShadow = (expression: string) =>
    page().evaluate<never>(`(() => { const shadow = document.querySelector('drift-farm').shadowRoot
      return ${expression} })()`)
  const titles = (): Promise<string[]> => page().locator('drift-farm svg > title').allTextContents()
  const failure = () => page().locator('drift-farm [role=alert]').textContent()

  test.each(process.env.DRIFTFARM_TEST_TIER === 'full' ? (['light', 'dark'] as const) : (['dark'] as const))(
    'a figure and a report, in %s colours',
    { timeout: 60_000 },
    async (theme) => {
      await open(theme)
      const { paper, ink } = palette[theme]
      const rgb = (color: string) => `rgb(${[1, 3, 5].map((at) => Number(`0x${color.slice(at, at + 2)}`)).join(', ')})`
      const colors = () =>
        inShadow(`[getComputedStyle(shadow.host).backgroundColor, getComputedStyle(shadow.querySelector('svg')).fill]`)

      await show({ src: '/map.json' })
      expect(await titles()).toEqual([expect.stringContaining('over eta and sigma')])
      expect(await page().locator('drift-farm figcaption').textContent()).toContain('Colours: the estimates.')
      expect(await inShadow(`shadow.querySelectorAll('[data-part=rect] rect').length`)).toBe(9)
      expect(await colors()).toEqual([rgb(paper), rgb(ink)])
      expect(await accessibilityOf(page())).toEqual([])

      await show({ document: report })
      expect((await titles()).map((title) => /over|against|outcomes/.exec(title)?.[0])).toEqual([
        'over',
        'against',
        'outcomes',
      ])
      const text = await page().locator('drift-farm .content').textContent()
      expect(text).toMatch(/^a warning/)
      expect(text).toMatch(/Over 9 cells with 30k trials in total, P\(escape\) ranges from 0 /)
      expect(text).toContain(grid.findings[0]!.text)
      expect(await page().locator('drift-farm table.cells tbody tr').count()).toBe(9)
      expect(await colors()).toEqual([rgb(paper), rgb(ink)])
      expect(await accessibilityOf(page())).toEqual([])
      expect(watched.problems).toEqual([])

      const other = theme === 'light' ? 'dark' : 'light'
      await page().evaluate(`document.querySelector('drift-farm').setAttribute('theme', '${other}')`)
      expect(await colors()).toEqual([palette[other].paper, palette[other].ink].map(rgb))
    },
  )

  test('curves are shown as a figure; other documents are shown as the table of the command', async () => {
    const sweep = { id: 'a'.repeat(32), name: 'well' }
    await show({ document: envelope('Curves', { sweep: { ...sweep, state: 'complete', seed: '1' }, cells: [curve] }) })
    expect(await titles()).toEqual([expect.stringContaining('well: ')])
    await show({ document: envelope('Removed', { sweep, cells: 3 }) })
    expect(await page().locator('drift-farm pre').textContent()).toBe(
      'well: removed, with 3 cells that no other sweep contains\n',
    )
  })

  test.each([
    ['an unknown kind', { kind: 'Poem' }, /^Documents of kind Poem cannot be shown\. .*`?driftfarm figure/],
    ['a kind without a table', envelope('WatchEvent', {}), /^Documents of kind WatchEvent cannot be shown/],
    ['a kind that every object has', { kind: 'toString' }, /^Documents of kind toString cannot be shown/],
    ['no document', [1, 2], /^This is not a document of Drift Farm\. /],
    ['a damaged document', envelope('Figure', { figure: 'map' }), /^The Figure document is damaged, .*data\.title: /],
    ['an error', { error: { message: 'no sweep x', hint: 'try y' } }, /^no sweep x\. try y$/],
  ])('%s gives one clear message', async (_, document, message) => {
    await show({ document: map })
    await show({ document })
    expect(await failure()).toMatch(message)
    expect(await titles()).toEqual([])
  })

  test.each([
    ['/text.txt', /^\/text\.txt is not JSON\. .*\/api\/v1\/sweeps\/NAME\/results/],
    ['/gone.json', /^\/gone\.json cannot be loaded, because the server does not answer\.$/],
    ['https://elsewhere.example/map.json', /^src is on https:\/\/elsewhere\.example, but must be on http:/],
  ])('src %s gives one clear message', async (src, message) => {
    await page().route('**/gone.json', (route) => route.abort())
    await show({ src })
    expect(await failure()).toMatch(message)
    // The browser itself reports a request that failed, but none is sent to another origin.
    expect(watched.problems.splice(0).filter((problem) => !problem.includes('net::ERR_FAILED'))).toEqual([])
  })

  test.each([
    ['a figure', map],
    ['a figure of a landscape', envelope('Figure', landscape satisfies Figure)],
    ['a report', report],
  ])('the texts of %s cannot inject HTML', async (_, document) => {
    const { document: changed, replaced } = withHostileTexts(structuredClone(document))
    expect(replaced).toBeGreaterThan(5)
    await page().evaluate('window.injected = () => { window.isInjected = true }')
    await show({ document: changed })
    expect(await inShadow(`shadow.textContent.split('onerror=injected()').length`)).toBeGreaterThan(3)
    expect(await page().locator('drift-farm [role=alert]').count()).toBe(0)
    const bad = `[...shadow.querySelectorAll('*')].flatMap((each) => [each.localName, ...each.getAttributeNames()])
      .filter((name) => /^(img|script|b|iframe|foreignObject|on.*|style)$/.test(name))`
    expect(await inShadow(bad)).toEqual([])
    expect(await page().evaluate('window.isInjected')).toBeUndefined()
    expect(watched.problems).toEqual([])
  })

  test('figures are drawn again for another width; null shows nothing', async () => {
    await show({ document: map })
    const width = () => inShadow(`Number(shadow.querySelector('svg').getAttribute('width'))`)
    const before: number = await width()
    await page().evaluate(`document.querySelector('main').hidden = true`)
    await page().setViewportSize({ width: 500, height: 800 })
    await page().evaluate(`document.querySelector('main').hidden = false`)
    await expect.poll(width).toBeLessThan(before - 250)
    await show({ document: null })
    expect(await inShadow(`shadow.querySelector('.content').childElementCount`)).toBe(0)
  })

  test('a document that was set before the module was loaded is shown', async () => {
    await page().goto(`${files.origin}/bare.html`, { waitUntil: 'commit' })
    await page().evaluate(`(() => {
      const early = document.createElement('drift-early')
      early.document = ${JSON.stringify(map)}
      document.body.append(early)
      customElements.whenDefined('drift-farm').then(() =>
        customElements.define('drift-early', class extends customElements.get('drift-farm') {}))
    })()`)
    await page().locator('drift-early svg > title').waitFor({ state: 'attached' })
  })

  test('as a widget it shows the trait `document` of its model, until the cell is removed', async () => {
    await open('light')
    const shown = async () => (await page().locator('#cell svg > title').allTextContents()).join()
    await page().evaluate(`(async () => {
      const calls = new Set()
      window.model = {
        document: ${JSON.stringify(map)},
        get: (name) => model[name],
        on: (event, call) => event === 'change:document' && calls.add(call),
        off: (_, call) => calls.delete(call),
        set(document) { model.document = document; for (const call of calls) call() },
      }
      document.body.dataset.jpThemeLight = 'false'
      const el = document.body.appendChild(document.createElement('div'))
      el.id = 'cell'
      window.remove = (await import('./element.js')).default.render({ model, el })
    })()`)
    await expect.poll(shown).toContain('over eta and sigma')
    expect(await page().locator('#cell drift-farm').getAttribute('theme')).toBe('dark')
    await page().evaluate(`model.set(${JSON.stringify(envelope('Figure', landscape))})`)
    await expect.poll(shown).toBe('plane')
    await page().evaluate(`(remove(), model.set({ kind: 'Poem' }))`)
    expect(await page().locator('#cell [role=alert]').count()).toBe(0)
    expect(watched.problems).toEqual([])
  })
})
