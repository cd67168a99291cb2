import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterEach } from 'vitest'
import { programPath } from './program.ts'

export type { Browser, Page } from 'playwright-core'

/** Opens a browser without a window. Declare each test that calls this function with `needs('chromium')`. */
export function openBrowser(): Promise<Browser> {
  const executablePath = programPath('chromium')
  // In containers, the browser's own sandbox does not work.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

export interface WatchedPage {
  readonly page: Page
  /** Console errors, uncaught errors, violations of the content security policy, and requests to other origins. */
  readonly problems: string[]
}

export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) problems.push(`outside: ${url}`)
  })
  await page.addInitScript(
    `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('policy: ' + violatedDirective + ' forbids ' + blockedURI))`,
  )
  return { page, problems }
}

/** Makes each failing test of the file print the content of the page. */
export function printPageOnFailure(page: () => Page | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    const text = await page()?.locator('body').ariaSnapshot({ timeout: 2_000 }).catch(String)
    process.stderr.write(`${task.name}: the page ${page()?.url()} shows\n${text?.slice(-3_000)}\n`)
  })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** For each accessibility violation: the rule, the element, and how to fix the violation. */
export async function accessibilityOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const violations = await page.evaluate<readonly Violation[]>('axe.run().then(({ violations }) => violations)')
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
  )
}

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[]
}
