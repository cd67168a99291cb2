import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import {
  accessibilityOf,
  type Browser,
  openBrowser,
  printPageOnFailure,
  type WatchedPage,
  watchedPage,
} from '@driftfarm/testing/browser'
import { begin, driftfarm, type RunningInProcess, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// Two other ways to open the page: with a token, and with a report file and no farm.

describe('the doors of the page', needs('chromium'), () => {
  const home = servedHome()
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  const inBothColors = async ({ page }: WatchedPage) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await accessibilityOf(page), colorScheme).toEqual([])
    }
  }

  beforeAll(async () => {
    const path = writeSpec(home, 'before', {
      version: 1,
      name: 'before',
      seed: 1,
      record: 'all',
      landscape: { preset: 'double-well' },
      start: { minimum: 'left' },
      update: { eta: 0.1, drift: { sigma: 1 } },
      trial: { steps: 60, escape: 'x >= 0' },
      sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [0.8, 1, 1.2] },
      trials: 400,
    })
    const { code, stderr } = await driftfarm(['run', path], { home })
    expect(code, stderr).toBe(0)
  })

  describe('with a token', () => {
    let server: RunningInProcess
    let address: string
    let watched: WatchedPage
    let secret: string
    beforeAll(async () => {
      const { stdout } = await driftfarm(['token', 'create', 'reader', '--role', 'read', '--json'], { home })
      secret = JSON.parse(stdout).data.token
      address = `http://127.0.0.1:${await freePort()}`
      server = begin(['coordinator', '--listen', address.slice('http://'.length)], { home })
      await server.says('API at')
      watched = await watchedPage(browser!, address)
      await watched.page.goto(address)
    })
    printPageOnFailure(() => watched?.page)
    afterAll(async () => {
      await server?.interrupt()
      await driftfarm(['token', 'revoke', 'reader'], { home })
    })

    test('without a token the page asks for one, and reports a wrong one', async () => {
      const { page } = watched
      await page.getByText('This farm requires a token.').waitFor()
      await inBothColors(watched)
      await page.getByLabel('Token').fill('df_0000000000000000000000000000000000000000000')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
      await inBothColors(watched)
    })

    test('with role read every view is open and no action is offered', async () => {
      const { page } = watched
      await page.getByLabel('Token').fill(secret)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'before' }).click()
      await page.getByRole('heading', { name: 'before', level: 1 }).waitFor()
      expect(await page.getByRole('toolbar').getByRole('button').count()).toBe(0)
      expect(await page.evaluate('document.cookie')).toBe('')
      expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0)
    })

    test('every view can be reached by the keyboard', async () => {
      const { page } = watched
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('combobox').waitFor()
      await inBothColors(watched)
      await page.keyboard.type('farm')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Farm', level: 1 }).waitFor()
    })

    test('the session survives a reload and ends with signing out', async () => {
      const { page } = watched
      await page.reload()
      await page.getByRole('heading', { name: 'Farm', level: 1 }).waitFor()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('This farm requires a token.').waitFor()
      // The browser itself logs answers with status 401.
      expect(watched.problems.filter((problem) => !/status of 401/.test(problem))).toEqual([])
    })
  })

  describe('on a report file, where no farm is', () => {
    let server: Server
    let watched: WatchedPage
    const file = join(home, 'before.html')
    beforeAll(async () => {
      const { code, stderr } = await driftfarm(['report', 'before', '-o', file], { home })
      expect(code, stderr).toBe(0)
      server = files(join(root, 'packages/cli/dist/page')).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      watched = await watchedPage(browser!, address)
      await watched.page.goto(`${address}/somewhere/below/`)
    })
    printPageOnFailure(() => watched?.page)
    afterAll(() => server?.close())

    test('the page reports that no farm answers, and opens a report file', async () => {
      const { page } = watched
      await page.getByRole('alert').waitFor()
      await page.getByLabel('Open a report file').setInputFiles({
        name: 'other.html',
        mimeType: 'text/html',
        buffer: Buffer.from('<!doctype html><p>Not a report.</p>'),
      })
      await page.getByText(/contains no sweep data/).waitFor()
      await page.getByLabel('Open a report file').setInputFiles(file)
      await page.getByRole('link', { name: 'before' }).click()
      await page.getByRole('heading', { name: 'before', level: 1 }).waitFor()
      await page.getByRole('application').waitFor()
      expect(await page.getByRole('toolbar').getByRole('button').count()).toBe(0)
    })

    test.each(['Figures', 'Cells', 'Spec'])('its tab %s works as on a farm', async (name) => {
      await watched.page.getByRole('tab', { name }).click()
      await watched.page.locator('.waiting').first().waitFor({ state: 'detached' })
      expect(await watched.page.getByRole('alert').count()).toBe(0)
      await inBothColors(watched)
    })

    test('a trial is replayed without a farm', async () => {
      const { page } = watched
      await page.getByRole('tab', { name: 'Cells' }).click()
      await page.getByRole('link', { name: '4', exact: true }).click()
      await page.getByRole('heading', { name: /^Cell 4/ }).waitFor()
      await page.getByText(/trial 0: /).waitFor()
      await page.getByRole('tab', { name: 'Trials', exact: true }).click()
      await page.getByRole('button', { name: 'Replay the trial' }).click()
      await page.getByRole('region', { name: 'Trial 0' }).locator('svg').waitFor()
      await inBothColors(watched)
      // Requests to the farm before the file was opened were answered with 404.
      expect(watched.problems.filter((problem) => !/status of 404/.test(problem))).toEqual([])
    })
  })
})

/** Serves a folder under any path, as a simple file server would, with the page's own policy. */
function files(folder: string): Server {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.wasm': 'application/wasm',
  }
  return createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://any').pathname.replace('/somewhere/below/', '/'))
    const file = join(folder, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) return void response.writeHead(404).end()
    const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'"
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    createReadStream(file).pipe(response)
  })
}
