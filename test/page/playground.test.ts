import { presets as landscapes } from '@driftfarm/spec'
import { type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { begin, type RunningInProcess } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginningOf, presets, specOf, trialsPlayed } from '../../packages/dashboard/src/compute/playSpec.ts'

// The playground runs the kernel of the workers, so it must show the trials that a farm computes.

let browser: Browser | undefined

test('the playground has every landscape', () => {
  expect(presets.map(({ name }) => name).sort()).toEqual(landscapes.map(({ name }) => name).sort())
})

describe('playground and farm', needs('chromium'), () => {
  const home = servedHome()
  let farm: RunningInProcess
  let address: string
  let watched: Awaited<ReturnType<typeof watchedPage>>

  beforeAll(async () => {
    address = `http://127.0.0.1:${await freePort()}`
    farm = begin(['up', '--threads', '1', '--listen', address.slice('http://'.length)], { home })
    await farm.says('ready')
    browser = await openBrowser()
    watched = await watchedPage(browser, address)
    await watched.page.goto(`${address}/#/play`)
  })
  afterAll(async () => {
    await browser?.close()
    await farm?.interrupt()
  })

  printPageOnFailure(() => watched?.page)

  const played = async () => {
    await watched.page.locator('.play [aria-busy=false]').waitFor()
    return watched.page.locator('.play code', { hasText: 'mset128' }).textContent()
  }
  const computed = async (spec: string) => {
    const answer = await fetch(`${address}/api/v1/sweeps`, {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: spec,
    })
    const { data } = await answer.json()
    for (;;) {
      const results = await (await fetch(`${address}/api/v1/sweeps/${data.sweep.id}/results`)).json()
      const [cell] = results.data.cells
      if (Number(cell.trials) === trialsPlayed) return cell.digest as string
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  // The fast tier tests every fifth landscape.
  const full = process.env.DRIFTFARM_TEST_TIER === 'full'
  const compared = presets.filter((_, at) => full || at % 16 === 0)
  test.each(compared.map(({ name }) => name))('agree bit for bit: %s', async (name) => {
    await watched.page.getByLabel('Landscape', { exact: true }).selectOption(name)
    const [here, there] = await Promise.all([played(), computed(specOf(beginningOf(name, 1)))])
    expect(here).toBe(there)
  })

  test('another seed gives other trials, so the comparison can fail', async () => {
    const before = await played()
    await watched.page.getByLabel('Seed').fill('2')
    await expect.poll(played, { timeout: 20_000 }).not.toBe(before)
    expect(await played()).toBe(await computed(specOf(beginningOf(compared.at(-1)!.name, 2))))
  })

  if (full)
    test('the address holds the settings; a typed spec runs in the page, with the mistakes it has', async () => {
      const { page } = watched
      const name = compared.at(-1)!.name
      expect(page.url()).toContain(`landscape=${name}`)
      await page.goto(`${address}/#/play?landscape=double-well&sigma=1&steps=60&stage=interval`)
      await page.getByRole('img', { name: /^P\(escape\) and its interval; .* at trials 10000$/ }).waitFor()
      const spec = specOf({ ...beginningOf('double-well', 1), sigma: 1, steps: 60 })
      expect(await played()).toBe(await computed(spec))
      await page.getByRole('button', { name: 'Edit the spec' }).click()
      // No kernel of the page fits this formula, so the reference implementation computes its trials.
      const own = spec.replace(
        '{ preset: double-well }',
        '{ formula: { expression: "w^4/4 - w^2/2", variables: [w], minima: { left: [-1] } } }',
      )
      const typed = own.replace('x >= 0', 'w >= 0').replace('steps: 60', 'steps: 20')
      await page.getByRole('textbox', { name: 'Spec' }).fill(typed)
      await expect.poll(played, { timeout: 30_000 }).toBe(await computed(typed))
      await page.getByRole('textbox', { name: 'Spec' }).fill(typed.replace('trials: 10000', 'trials: 700'))
      await page.getByText(/after 700 trials(;|$)/).waitFor()
      await page.getByRole('textbox', { name: 'Spec' }).fill(typed.replace('w >= 0', 'v >= 0'))
      await page.getByRole('alert', { name: '' }).getByText(/v/).first().waitFor()
      expect(await page.getByRole('button', { name: 'Run this on the farm' }).isDisabled()).toBe(true)
      await page.getByRole('button', { name: 'Back to the sliders' }).click()
      await played()
      expect(await page.getByRole('button', { name: 'Run this on the farm' }).isEnabled()).toBe(true)
      await page.getByRole('button', { name: 'Edit the spec' }).click()
      expect(await page.getByRole('textbox', { name: 'Spec' }).inputValue()).toContain('v >= 0')
      await page.goto(`${address}/#/play?landscape=${name}&seed=2`)
      await played()
    })

  test('the chosen settings start a new sweep', async () => {
    await watched.page.getByRole('button', { name: 'Run this on the farm' }).click()
    await watched.page.getByRole('heading', { name: 'New sweep' }).waitFor()
    await watched.page.getByLabel('Spec text').waitFor()
    const lines = await watched.page.locator('.cm-line').allTextContents()
    expect(lines.join('\n')).toBe(specOf(beginningOf(compared.at(-1)!.name, 2)))
    expect(watched.problems).toEqual([])
  })
})
