import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { networkSlopes, prepare } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { driftfarm, root } from '@driftfarm/testing/command'
import { openFirefox } from '@driftfarm/testing/firefox'
import { servedHome } from '@driftfarm/testing/home'
import { needs } from '@driftfarm/testing/program'
import { type StaticFiles, serveFiles } from '@driftfarm/testing/staticFiles'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginningOf, specOf } from '../../packages/dashboard/src/compute/playSpec.ts'
import { siteFigures } from '../../packages/dashboard/src/site/siteFigures.ts'

// The playground and the live figures of the documentation's site, from static files that no farm serves. Their trials
// must be those that the command computes.

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const base = '/book/0.2.0/'
const home = servedHome()
let files: StaticFiles
beforeAll(async () => {
  files = await serveFiles(join(root, 'packages/dashboard/dist/site'), base)
})
afterAll(() => files.close())

const figures = Object.entries(siteFigures).map(
  ([name, { settings, spec }]) => [`figure/${name}`, spec(...settings.map(({ value }) => value))] as const,
)
const views = [['play', specOf(beginningOf('double-well', 1))], ...figures] as const

/** The query makes each view a page of its own, so that nothing of the previous one is left. */
const addressOf = (view: string): string => `${files.origin}${base}play/index.html?${view}#/${view}`

test.each(['site/play', 'page'])('the first view of %s is less than 250 kB, compressed', (folder) => {
  const built = join(root, 'packages/dashboard/dist', folder)
  const names = readFileSync(join(built, 'index.html'), 'utf8').matchAll(/"\.\/(assets\/[^"]+)"/g)
  const sizes = [...names].map(([, name]) => gzipSync(readFileSync(join(built, name!))).length)
  expect(sizes.length).toBeGreaterThan(5)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000)
})

/** The first spec of a lesson whose name is this one. */
function lessonSpec(page: string, name: string): string {
  const text = readFileSync(join(root, `docs/learn/${page}.md`), 'utf8')
  return [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, spec]) => spec!).find((spec) => spec.includes(name))!
}
const cellOf = (spec: string, index = 0) => parseSweep(spec, { fileName: 'spec', slopesOf: networkSlopes }).cell(index)

test.each([
  ['well', 'first-sweep', 1],
  ['arrival', 'rare-rate', 1],
] as const)('figure %s shows a cell of the lesson %s', (name, page, index) => {
  const { settings, spec } = siteFigures[name]!
  const figure = spec(...settings.map(({ value }) => value))
  const [, title] = /^name: (.*)$/m.exec(figure)!
  expect(cellOf(figure).id).toBe(cellOf(lessonSpec(page, `name: ${title}\n`), index).id)
})

test.each(Object.entries(siteFigures))('one kernel serves all settings of %s', (_, { settings, spec }) => {
  const sourceOf = (values: readonly number[]) => prepare(cellOf(spec(...values)).cell).source
  const built = sourceOf(settings.map(({ value }) => value))
  for (const end of ['least', 'most'] as const) expect(sourceOf(settings.map((each) => each[end]))).toEqual(built)
})

async function computed(spec: string): Promise<string> {
  const file = join(home, 'spec.yaml')
  writeFileSync(file, spec)
  const { stdout } = await driftfarm(['run', file, '--json'], { home })
  return JSON.parse(stdout).data.cells[0].digest
}

describe('Chromium', needs('chromium'), () => {
  let browser: Browser
  let watched: Awaited<ReturnType<typeof watchedPage>>
  beforeAll(async () => {
    browser = await openBrowser()
    watched = await watchedPage(browser, files.origin)
  })
  afterAll(() => browser?.close())
  printPageOnFailure(() => watched?.page)

  const shown = async () => {
    await watched.page.locator('.play [aria-busy=false]').waitFor()
    const html = await watched.page.locator('.play').innerHTML()
    return /mset128:\w+/.exec(html)?.[0]
  }

  test.each(full ? views : views.slice(0, 1))('%s agrees with the command bit for bit', async (view, spec) => {
    await watched.page.goto(addressOf(view))
    const [here, there] = await Promise.all([shown(), computed(spec)])
    expect(here).toMatch(/^mset128:/)
    expect(here).toBe(there)
    // The lesson about the playground prints this digest.
    if (view === 'play') expect(readFileSync(join(root, 'docs/learn/playground.md'), 'utf8')).toContain(here)
    expect(await accessibilityOf(watched.page)).toEqual([])
  })

  if (full)
    test('other settings give the trials of their own spec', async () => {
      const { settings, spec } = siteFigures.well!
      await watched.page.goto(addressOf('figure/well'))
      const before = await shown()
      await watched.page.getByLabel('Drift sigma').press('ArrowRight')
      const sigma = Number(await watched.page.locator('output').nth(1).textContent())
      expect(sigma).not.toBe(settings[1]!.value)
      await expect.poll(shown, { timeout: 20_000 }).not.toBe(before)
      expect(await shown()).toBe(await computed(spec(settings[0]!.value, sigma)))
    })

  test('its policy forbids inline scripts and code from strings, and nothing else was refused', async () => {
    const { page, problems } = watched
    expect(problems).toEqual([])
    expect(files.missing).toEqual([])
    const inline = await page.evaluate(`
      const script = document.createElement('script')
      script.textContent = 'window.isInline = true'
      document.head.append(script)
      window.isInline ?? 'refused'`)
    // Code that the browser's protocol evaluates may itself evaluate strings; what a timer calls may not.
    const evaluated = await page.evaluate(`new Promise((resolve) => setTimeout(() => {
      try { resolve(eval('true')) } catch (error) { resolve(error.name) }
    }))`)
    expect([inline, evaluated]).toEqual(['refused', 'EvalError'])
  })
})

if (full)
  describe('Firefox', needs('firefox'), () => {
    let firefox: Awaited<ReturnType<typeof openFirefox>>
    beforeAll(async () => {
      firefox = await openFirefox()
    })
    afterAll(() => firefox?.close())

    test.each(views)('%s agrees with the command bit for bit', async (view, spec) => {
      await firefox.goto(addressOf(view))
      const here = await firefox.waitFor(`
        const shown = document.querySelector('.play')
        return shown?.querySelector('[aria-busy=false]') && /mset128:\\w+/.exec(shown.innerHTML)[0]`)
      expect(here).toBe(await computed(spec))
    })
  })
