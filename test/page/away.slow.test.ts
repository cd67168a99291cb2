import { type Browser, openBrowser, watchedPage } from '@driftfarm/testing/browser'
import { begin, driftfarm } from '@driftfarm/testing/command'
import { freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { startProxy } from '@driftfarm/testing/proxy'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

describe('a page that is opened while the database does not answer', needs('chromium'), () => {
  const folder = temporaryFolder()
  let browser: Browser | undefined
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    folder.remove()
  })

  test('says so, and works as soon as it answers', async () => {
    const database = await freshDatabase()
    const proxy = await startProxy(database.url)
    onTestFinished(async () => {
      await proxy.close()
      await database.drop()
    })
    const address = `http://127.0.0.1:${await freePort()}`
    const { code, stderr } = await driftfarm(['db', 'migrate'], {
      home: folder.path,
      env: { DATABASE_URL: database.url },
    })
    expect(code, stderr).toBe(0)
    const env = { DATABASE_URL: proxy.through(database.url) }
    const server = begin(['coordinator', '--listen', address.slice('http://'.length)], { home: folder.path, env })
    onTestFinished(async () => {
      await server.interrupt()
    })
    await server.says('API at')
    // The server cannot reach the database from here on, but it caches tokens for 2 s.
    proxy.admit('silent')
    proxy.silence()
    await expect.poll(async () => (await fetch(`${address}/api/v1/session`)).status, { timeout: 20_000 }).toBe(503)
    const { page } = await watchedPage(browser!, address)
    await page.goto(address)
    await page.getByText('the database of the farm does not answer').waitFor({ timeout: 20_000 })
    proxy.admit('all')
    await page.getByRole('link', { name: 'New sweep' }).waitFor({ timeout: 30_000 })
  })
})
