import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, posix } from 'node:path'
import { accessibilityOf, type Browser, openBrowser, watchedPage } from '@driftfarm/testing/browser'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

// The site of the book: what leads to what, and, in the slow tier, what a browser makes of it.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const docs = join(root, 'docs')
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.md') && !/node_modules|^\.vitepress/.test(name),
)
const read = (name: string): string => readFileSync(join(docs, name), 'utf8')

describe('links', () => {
  /** As VitePress and forges make it of a heading. */
  const anchorOf = (heading: string): string =>
    heading
      .replace(/\\/g, '')
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-')
  const anchors = new Map(
    pages.map((page) => {
      const text = read(page).replace(/^```.*?^```$/gms, '')
      return [page, new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!)))] as const
    }),
  )

  test.each(pages)('%s leads to pages and headings that there are', (page) => {
    const text = read(page)
      .replace(/^```.*?^```$/gms, '')
      .replace(/`[^`]*`/g, '')
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, href]) => {
      if (/^[a-z]+:/.test(href!)) return []
      const [path = '', anchor] = href!.split('#')
      const target = path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path))
      if (!existsSync(join(docs, target))) return [href]
      return anchor === undefined || anchors.get(target)?.has(anchor) !== false ? [] : [href]
    })
    expect(broken).toEqual([])
  })

  test('every page but those of decisions is led to', () => {
    const navigation = readFileSync(join(docs, '.vitepress/pages.ts'), 'utf8')
    const linked = new Set(
      pages.flatMap((page) =>
        [...read(page).matchAll(/\]\(([^)#\s]+)/g)].map(([, path]) =>
          posix.normalize(posix.join(posix.dirname(page), path!)),
        ),
      ),
    )
    const lost = pages.filter(
      (page) =>
        !/^decisions\/|(^|\/)index\.md$/.test(page) &&
        !linked.has(page) &&
        !navigation.includes(`'${page.slice(0, -3)}'`),
    )
    expect(lost).toEqual([])
    const promised = [...navigation.matchAll(/\['([a-z/0-9-]+)', '/g)].map(([, place]) => `${place}.md`)
    expect(promised.filter((page) => !existsSync(join(docs, page)))).toEqual([])
  })
})

if (full)
  describe('in a browser', () => {
    const folder = temporaryFolder()
    let server: Server
    let origin: string
    let browser: Browser
    beforeAll(async () => {
      const vitepress = join(docs, 'node_modules/.bin/vitepress')
      execFileSync(vitepress, ['build', '--outDir', folder.path], { cwd: docs, stdio: ['ignore', 'ignore', 'inherit'] })
      server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
        const file = join(folder.path, path.endsWith('/') ? `${path}index.html` : path)
        if (!existsSync(file)) return void response.writeHead(404).end()
        response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
        response.end(readFileSync(file))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      browser = (await openBrowser())!
    }, 300_000)
    afterAll(async () => {
      await browser?.close()
      server?.close()
      folder.remove()
    })

    const kinds = [
      'index',
      'install',
      'learn/first-sweep',
      'howto/plot',
      'reference/spec',
      'reference/errors',
      'understand/theorem-1',
      'gallery/index',
      'gallery/xor',
      'dictionary',
      'ko/index',
      'ko/learn/first-sweep',
    ]
    describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
      test.each(kinds)('%s has nothing against it, and asks nobody else', async (name) => {
        const { page, problems } = await watchedPage(browser, origin, { colorScheme })
        await page.goto(`${origin}/${name}.html`)
        await page.locator('.VPContent').waitFor()
        expect(await accessibilityOf(page)).toEqual([])
        expect(problems).toEqual([])
        await page.context().close()
      })
    })

    test('search finds each command, key and code of an error', { timeout: 900_000 }, async () => {
      const headings = (page: string, pattern: RegExp) => [...read(page).matchAll(pattern)].map(([, word]) => word!)
      const words: readonly (readonly [query: string, page: string])[] = [
        ...headings('reference/commands.md', /^## driftfarm ([a-z -]+?)(?: [\\[].*)?$/gm).map(
          (word) => [`driftfarm ${word.trim()}`, 'reference/commands'] as const,
        ),
        ...headings('reference/errors.md', /^### `([A-Z_]+)`/gm).map((word) => [word, 'reference/errors'] as const),
        ...[...new Set(headings('reference/spec.md', /^\| `([a-zA-Z.]+)`/gm))].map(
          (word) => [word, 'reference/spec'] as const,
        ),
      ]
      expect(words.length).toBeGreaterThan(100)
      const { page } = await watchedPage(browser, origin)
      await page.goto(`${origin}/index.html`)
      await page.keyboard.press('Control+k')
      const field = page.locator('.VPLocalSearchBox input')
      await field.waitFor()
      const missed: string[] = []
      for (const [query, place] of words) {
        await field.fill(query)
        const found = page.locator(`.VPLocalSearchBox .results a[href*="${place}"]`).first()
        await found.waitFor({ timeout: 3_000 }).catch(() => missed.push(query))
      }
      expect(missed).toEqual([])
    })
  })

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}
