import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { needs } from '@driftfarm/testing/program'
import { servedFarm } from '@driftfarm/testing/served'
import { doubleWell } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// What a new sweep has from others is said before it is submitted, after that, and whenever it is looked at.

let browser: Browser | undefined

describe('reused trials on the page', needs('chromium'), () => {
  const farm = servedFarm()
  let watched: Awaited<ReturnType<typeof watchedPage>>
  beforeAll(async () => {
    browser = await openBrowser()
    watched = await watchedPage(browser, farm.url)
  }, 300_000)
  afterAll(() => browser?.close())
  printPageOnFailure(() => watched?.page)

  const text = (name: string, trials: number) => JSON.stringify(doubleWell({ name, seed: 71, trials }))

  async function computed(name: string): Promise<void> {
    const { request } = watched.page
    await request.post(`${farm.url}/api/v1/sweeps`, {
      headers: { 'content-type': 'application/json' },
      data: text(name, 400),
    })
    const isComplete = async () =>
      (await (await request.get(`${farm.url}/api/v1/sweeps/${name}`)).json()).data.state === 'complete'
    await expect.poll(isComplete, { timeout: 60_000 }).toBe(true)
  }

  test('before and after a submission, and later; with the warnings', async () => {
    const { page, problems } = watched
    await computed('earlier')
    await page.goto(`${farm.url}/#/new`)
    await page.getByLabel('Spec text').fill(text('later', 1000))
    await page.getByRole('button', { name: 'Estimate cost' }).click()
    const plan = page.getByRole('region', { name: 'Plan' })
    await plan.getByText('on the 1 thread of the workers').waitFor({ timeout: 60_000 })
    const reused = '800 trials in 2 cells are reused from earlier.'
    await plan.getByText(reused).waitFor()
    await plan.getByText('Left to compute: 1200 trials in 2 cells.').waitFor()
    await plan
      .getByText(/may already have been seen, so their intervals are wider/)
      .first()
      .waitFor()

    await page.getByRole('button', { name: 'Submit' }).click()
    const answer = page.getByRole('status', { name: 'Submission' })
    await answer.getByText('1200 trials in 2 cells were left to compute.').waitFor()
    const header = page.locator('.status-header')
    await header.getByText(/800 trials in 2 cells (are|were) reused from earlier\./).waitFor()
    expect(await accessibilityOf(page)).toEqual([])
    await header.getByRole('link', { name: 'earlier' }).click()
    await page.getByRole('heading', { name: 'earlier' }).waitFor()
    expect(await page.getByText(/(are|were) reused/).count()).toBe(0)
    await page.goto(`${farm.url}/#/sweeps/later`)
    await header.getByText('were reused from earlier. 1200 trials were computed for this sweep.').waitFor()
    expect(await answer.count()).toBe(0)

    await page.goto(`${farm.url}/#/new`)
    await page.getByLabel('Spec text').fill(text('later', 2000))
    await page.getByRole('button', { name: 'Submit' }).click()
    await answer.getByText('The farm had this sweep already.').waitFor()
    await answer.getByText(/chosen after an interim look/).waitFor()
    expect(problems).toEqual([])
  })
})
