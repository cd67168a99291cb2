import { readFile } from 'node:fs/promises'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { begin, type RunningInProcess } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// From an empty farm to a figure for a paper, by keyboard alone.

describe('a newcomer with a keyboard', needs('chromium'), () => {
  const home = servedHome()
  let browser: Browser | undefined
  let farm: RunningInProcess | undefined
  let watched: Awaited<ReturnType<typeof watchedPage>>
  const page = () => watched.page
  printPageOnFailure(() => watched?.page)

  beforeAll(async () => {
    const listen = `127.0.0.1:${await freePort()}`
    farm = begin(['up', '--threads', '1', '--listen', listen], { home })
    await farm.says('API at')
    browser = await openBrowser()
    watched = await watchedPage(browser, `http://${listen}`, { acceptDownloads: true })
    await page().goto(`http://${listen}/`)
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await farm?.interrupt()
  })

  /** Presses Tab until an element with this role and name has the focus. */
  const tabTo = async (role: 'link' | 'button' | 'tab', name: string) => {
    const target = page().getByRole(role, { name, exact: true })
    await target.waitFor()
    for (let presses = 0; presses < 120; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return
      await page().keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach the ${role} ${name}`)
  }
  const choose = async (role: 'link' | 'button' | 'tab', name: string) => {
    await tabTo(role, name)
    await page().keyboard.press('Enter')
  }

  test('opens an example, submits it and saves a figure of its results as PDF', async () => {
    await choose('link', 'Create a sweep')
    await choose('button', 'Start from an example')
    await page().getByRole('dialog').waitFor()
    expect(await accessibilityOf(page())).toEqual([])
    await choose('button', 'double-well')
    await page()
      .getByText(/^double-well: \d+ cells/)
      .waitFor()
    await choose('button', 'Submit')
    await page().locator('.status-header .chip', { hasText: 'complete' }).waitFor({ timeout: 120_000 })
    // Tabs are one stop; the arrow keys move among them.
    await tabTo('tab', 'Results')
    await page().keyboard.press('ArrowRight')
    await page().locator('.drawing svg').waitFor()
    const download = page().waitForEvent('download')
    await choose('link', 'PDF')
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^double-well-\w+\.pdf$/)
    expect((await readFile(await file.path())).subarray(0, 5).toString()).toBe('%PDF-')
    expect(watched.problems).toEqual([])
  }, 180_000)

  test('the element shows a figure and a report of the farm under the policy of its pages', async () => {
    await page().evaluate(`import('./element.js').then(() => document.body.replaceChildren(
      ...['figures/auto.json', 'results'].map((path) => {
        const shown = document.createElement('drift-farm')
        shown.src = 'api/v1/sweeps/double-well/' + path
        return shown
      })))`)
    const shown = (at: number) => page().locator('drift-farm').nth(at).locator('.drawing svg')
    await shown(0).waitFor()
    await shown(1).nth(2).waitFor()
    await page().getByText('Over 21 cells with').waitFor()
    expect(watched.problems).toEqual([])
  })
})
