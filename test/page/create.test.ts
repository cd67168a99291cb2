import { join } from 'node:path'
import { accessibilityOf, type Browser, openBrowser, printPageOnFailure, watchedPage } from '@driftfarm/testing/browser'
import { begin, type RunningInProcess, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// A new sweep in the page, written as a researcher would write it. The steps build on one another.

let browser: Browser | undefined

describe('a new sweep', needs('chromium'), () => {
  const home = servedHome()
  let server: RunningInProcess
  let address: string
  let watched: Awaited<ReturnType<typeof watchedPage>>

  beforeAll(async () => {
    address = `http://127.0.0.1:${await freePort()}`
    server = begin(['coordinator', '--listen', address.slice('http://'.length)], { home })
    await server.says('API at')
    browser = await openBrowser()
    watched = await watchedPage(browser, address)
    await watched.page.goto(`${address}/#/new`)
    await watched.page.getByLabel('Spec text').waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.interrupt()
  })
  printPageOnFailure(() => watched?.page)

  const page = () => watched.page
  const written = async () => (await page().locator('.cm-line').allTextContents()).join('\n')
  const focused = () =>
    page().evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`)
  const type = async (text: string) => {
    await page().getByLabel('Spec text').focus()
    await page().keyboard.press('Control+End')
    await page().keyboard.type(text)
  }

  test('begins with a spec that can be submitted, its picture and its cost', async () => {
    await page().getByText('my-first: 21 cells, at most 210k trials').waitFor()
    await page().getByRole('img', { name: 'Graph of the loss' }).waitFor()
    await page().getByRole('heading', { name: 'Estimated cost' }).waitFor()
    await page().getByRole('list', { name: 'Update' }).getByText('xi: gaussian, standard deviation 1').waitFor()
    expect(await accessibilityOf(page())).toEqual([])
  })

  test('an answer to a question writes the spec, and the text changes the answer', async () => {
    await page().getByLabel('Landscape', { exact: true }).selectOption('tilted-double-well')
    await page().getByLabel('Trials', { exact: true }).fill('200')
    await expect.poll(written).toMatch(/preset: tilted-double-well.*\n[\s\S]*trials: 200\n/)
    await page().getByLabel('Distribution').selectOption('student')
    await page().getByLabel('Degrees of freedom nu').fill('4')
    await page().getByLabel('Method').selectOption('rare events (splitting)')
    await expect.poll(written).toMatch(/nu: 4[\s\S]*replicas: 64/)
    await page().getByLabel('Method').selectOption('direct trials')
    await page().getByLabel('Trials', { exact: true }).fill('200')
    await type('\nstreams: common')
    await page().getByRole('button', { name: 'Remove the axis update.eta' }).click()
    await expect.poll(written).not.toContain('update.eta:')
    expect(await written()).toMatch(/streams: common$/)
  })

  test('what is not a value stays in its field, which says so until the value changes', async () => {
    const trials = page().getByLabel('Trials', { exact: true })
    await trials.fill('abc')
    await trials.blur()
    await page().getByText('not a value; the spec keeps 200').waitFor()
    expect(await trials.inputValue()).toBe('abc')
    expect(await trials.getAttribute('aria-invalid')).toBe('true')
    await trials.fill('200')
    await trials.blur()
    expect(await page().locator('.field [role=status]').count()).toBe(0)
    await trials.fill('abc')
    await trials.blur()
    await page().getByLabel('Landscape', { exact: true }).focus()
    await page().getByRole('button', { name: 'Start over' }).click()
    await expect.poll(() => trials.inputValue()).toBe('10000')
    await page().getByRole('button', { name: 'Open the earlier draft' }).click()
    await expect.poll(() => trials.inputValue()).toBe('200')
  })

  test('a value that is wrong on an axis is marked there', async () => {
    const scale = page().getByLabel('Scale sigma (varied below)')
    const axis = page().getByRole('group', { name: 'Axis update.drift.sigma' })
    const marks = () =>
      Promise.all(
        [scale, axis.getByLabel('From'), axis.getByLabel('To')].map((each) => each.getAttribute('aria-invalid')),
      )
    await axis.getByLabel('From').fill('-1')
    await expect.poll(marks).toEqual(['false', 'true', 'true'])
    await axis.getByLabel('From').fill('0.5')
    await expect.poll(marks).toEqual(['false', 'false', 'false'])
  })

  test('Submit stays in sight at the last question', async () => {
    const viewport = page().viewportSize()!
    await page().setViewportSize({ width: 1440, height: 900 })
    await page().getByLabel('Method').scrollIntoViewIfNeeded()
    await page().evaluate(() => scrollTo(0, document.body.scrollHeight))
    const column = page().locator('.create-columns > :last-child')
    await column.evaluate((shown) => shown.scrollTo(0, shown.scrollHeight))
    const { y, height } = (await page().getByRole('button', { name: 'Submit' }).boundingBox())!
    expect(y).toBeGreaterThan(0)
    expect(y + height).toBeLessThanOrEqual(900)
    await page().setViewportSize(viewport)
  })

  if (full)
    test('no typed character is lost, however slow the page is', async () => {
      const before = await written()
      const session = await page().context().newCDPSession(page())
      await session.send('Emulation.setCPUThrottlingRate', { rate: 10 })
      const typed = '# the quick brown fox'
      await type(`\n${typed}`)
      await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
      await expect.poll(written).toBe(`${before}\n${typed}`)
      for (let i = 0; i <= typed.length; i++) await page().keyboard.press('Backspace')
      await expect.poll(written).toBe(before)
    })

  test('a key is completed', async () => {
    await type('\nconf')
    await page().locator('.cm-completionLabel', { hasText: 'confidence' }).waitFor()
    // The list accepts a key only after a moment, lest it opens below a key that is meant for the text.
    await page().waitForTimeout(100)
    await page().keyboard.press('Enter')
    await expect.poll(written).toMatch(/\nconfidence: $/)
    await type('0.9')
  })

  test('a mistake is underlined, and its fix can be applied', async () => {
    await type('\npriorty: 1')
    await page().locator('.mistakes li', { hasText: 'did you mean priority?' }).waitFor()
    await page().locator('.cm-lintRange-error').waitFor()
    await page().getByText('Picture of the last valid spec').waitFor()
    expect(await page().getByRole('button', { name: 'Submit' }).isDisabled()).toBe(true)
    await page().getByRole('button', { name: 'Apply fix' }).click()
    await expect.poll(written).toMatch(/\npriority: 1$/)
    await page().getByText('my-first: 5 cells, at most 1000 trials').waitFor()
  })

  test('typing over selected lines keeps the policy', async () => {
    const before = await written()
    await page().getByLabel('Spec text').focus()
    await page().keyboard.press('Control+A')
    await page().keyboard.insertText('version: 1\nname: b')
    expect(await written()).toBe('version: 1\nname: b')
    await page().keyboard.press('Control+Z')
    await expect.poll(written).toBe(before)
  })

  test('the draft outlives another view and a reload', async () => {
    const before = await written()
    await page().getByRole('link', { name: 'Farm', exact: true }).click()
    await page().getByRole('link', { name: 'New sweep' }).click()
    await expect.poll(written).toBe(before)
    await page().reload()
    await expect.poll(written).toBe(before)
  })

  test('it is submitted; then a change of it has another name, and says what differs', async () => {
    await page().getByRole('button', { name: 'Submit' }).click()
    await page().getByRole('heading', { name: 'my-first' }).waitFor()
    await page().getByRole('button', { name: 'Pause' }).click()
    expect(await focused()).toBe('BUTTON Go back')
    await page().keyboard.press('Enter')
    await page().getByRole('link', { name: 'Change and run again' }).click()
    await page().getByLabel('Trials', { exact: true }).fill('300')
    await expect
      .poll(() => page().locator('.create .notice li').allTextContents())
      .toEqual(['name my-first → my-first-2', 'trials 200 → 300'])
  })

  if (full)
    test('an example is opened with its data; the draft before it is one click away', async () => {
      await page().getByRole('button', { name: 'Start from an example' }).click()
      expect(await focused()).toBe('H2 Start from an example')
      await page().locator('.gallery li', { hasText: 'minibatch-csv' }).click()
      await page().getByText('Data files: data/sensor.csv').waitFor()
      await page()
        .getByText(/^minibatch-csv: \d+ cells/)
        .waitFor()
      // The draft is a copy of nothing, so a reload keeps it.
      await page().reload()
      await page().getByText('Data files: data/sensor.csv').waitFor()
      await page().getByRole('button', { name: 'Open the earlier draft' }).click()
      await expect.poll(written).toContain('name: my-first-2')
      expect(await page().locator('.create .notice li').first().textContent()).toBe('name my-first → my-first-2')
    })

  test('a spec and its data are opened together', async () => {
    const files = ['data/sensor.csv', 'minibatch-csv.yaml'].map((name) => join(root, 'examples', name))
    await page().getByLabel('Open a spec and its data files').setInputFiles(files)
    await page()
      .getByText(/^minibatch-csv: \d+ cells/)
      .waitFor()
  })

  if (full)
    test('a change of a sweep with data asks for its files at once', async () => {
      await page().getByRole('button', { name: 'Submit' }).click()
      await page().getByRole('link', { name: 'Change and run again' }).click()
      const data = page().getByLabel('Open the data of this spec: data/sensor.csv')
      await data.setInputFiles(join(root, 'examples/data/sensor.csv'))
      await page()
        .getByText(/^minibatch-csv-2: \d+ cells/)
        .waitFor()
      await expect
        .poll(() => page().locator('.create .notice li').allTextContents())
        .toEqual(['name minibatch-csv → minibatch-csv-2'])
      expect(watched.problems).toEqual([])
    })

  const dialog = () => page().getByRole('dialog')

  test('trials are added as a total, which is checked before it is submitted', async () => {
    await page().goto(`${address}/#/sweeps/my-first`)
    await page().getByRole('heading', { name: 'my-first', exact: true }).waitFor()
    // No batch has failed.
    expect(await page().getByRole('toolbar').getByRole('button', { name: 'Retry' }).count()).toBe(0)
    await page().getByRole('button', { name: 'Add trials' }).click()
    const total = dialog().getByLabel('Total trials per cell (now 200)')
    expect(await total.inputValue()).toBe('400')
    const add = dialog().getByRole('button', { name: 'Add trials' })
    expect(await add.isDisabled()).toBe(false)
    await total.fill('50')
    await dialog().getByText('Each cell already has 200 trials.').waitFor()
    expect(await add.isDisabled()).toBe(true)
    await dialog().getByRole('button', { name: 'Go back' }).click()
  })

  if (full)
    test('two tags with one key are refused before they are saved', async () => {
      await page().getByRole('button', { name: 'Title and notes' }).click()
      await dialog().getByLabel(/^Tags/).fill('law: gaussian\nlaw: student')
      await dialog().getByText('Several lines have the key law.').waitFor()
      expect(await dialog().getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
      await dialog().getByRole('button', { name: 'Go back' }).click()
    })

  if (full)
    test('an unrelated sweep is compared only if the reader chooses it', async () => {
      await page().getByRole('tab', { name: 'Compare' }).click()
      await page().getByText('No other sweep is similar. Choose a sweep from the list.').waitFor()
      const choice = page().getByLabel('Compare with')
      expect(await choice.locator('option:checked').textContent()).toBe('choose a sweep')
      expect(await choice.locator('option').allTextContents()).toContain('minibatch-csv')
    })

  test('a filter that leaves nothing does not move the page sideways', async () => {
    await page().goto(`${address}/#/`)
    await page().getByRole('link', { name: 'my-first' }).waitFor()
    expect(await page().evaluate(() => getComputedStyle(document.documentElement).scrollbarGutter)).toBe('stable')
  })

  if (full)
    test('if a part of the page is missing, the header stays and the view offers a reload', async () => {
      await page().reload()
      await page().getByRole('link', { name: 'my-first' }).waitFor()
      const part = '**/assets/FarmView-*.js'
      await page().route(part, (route) => route.fulfill({ status: 404 }))
      await page().getByRole('link', { name: 'Farm', exact: true }).click()
      await page().getByRole('heading', { name: 'View not available' }).waitFor()
      await page()
        .getByText(/Reload the page to get its newest version/)
        .waitFor()
      await page().getByRole('navigation', { name: 'Views' }).waitFor()
      await page().unroute(part)
      await page().getByRole('button', { name: 'Reload' }).click()
      await page().getByRole('heading', { name: 'Farm', level: 1 }).waitFor()
    })
})
