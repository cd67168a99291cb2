import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from '@driftfarm/testing/browser'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs } from '@driftfarm/testing/program'
import { type StaticFiles, serveFiles } from '@driftfarm/testing/staticFiles'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anchorOf } from '../../docs/.vitepress/anchors.ts'
import { english, korean } from '../../docs/.vitepress/pages.ts'
import { miniSearch } from '../../docs/.vitepress/search.ts'
import { keysOf } from './book/schemaKeys.ts'

// The site of the book: what leads to what, and, in the slow tier, what a browser makes of it.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const docs = join(root, 'docs')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

/** Pages of the site, and the other pages of a checkout, by their place in it. */
const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !/node_modules|^\.vitepress/.test(name))
  .map((name) => `docs/${name}`)
const beside = ['README.md', 'README.ko.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'examples/README.md']
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)
const all = [...pages, ...beside, ...packages].filter((name) => existsSync(join(root, name)))

/** The folder from which a page names others: the package has docs/ beside its README. */
const folderOf = (page: string): string => (page === 'packages/driftfarm/README.md' ? '.' : posix.dirname(page))

const prose = (page: string): string => read(page).replace(/^ *```.*?^ *```$/gms, '')

/** Places that a page names, without code. */
const linksOf = (page: string): readonly string[] =>
  [
    ...prose(page)
      .replace(/`[^`]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ].map(([, href]) => href!)

function anchorsOf(page: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [, heading] of prose(page).matchAll(/^#+ (.*)$/gm)) {
    const plain = heading!.replace(/\\/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const anchor = anchorOf(plain.replace(/[`*]/g, ''))
    let own = anchor
    for (let again = 1; found.has(own); again++) own = `${anchor}-${again}`
    found.add(own)
  }
  return found
}

describe('links', () => {
  const anchors = new Map(all.map((page) => [page, anchorsOf(page)]))

  test.each(all)('%s leads to pages and headings that there are', (page) => {
    const broken = linksOf(page).filter((href) => {
      if (/^[a-z]+:/.test(href)) return false
      const [path = '', anchor] = href.split('#')
      const target = path === '' ? page : posix.normalize(posix.join(folderOf(page), path))
      if (target.startsWith('..') || !existsSync(join(root, target))) return true
      return anchor !== undefined && anchors.get(target)?.has(decodeURIComponent(anchor)) === false
    })
    expect(broken).toEqual([])
  })

  /** Pages that the header and the sidebars lead to. */
  const promised = (): ReadonlySet<string> => {
    const versions = { version: '0', all: [], top: '' } as const
    const text = JSON.stringify([english(versions), korean(versions)])
    const links = [...text.matchAll(/"link":"\/([^"]*)"/g)].map(([, place]) => place!)
    return new Set(links.map((place) => `docs/${/(^|\/)$/.test(place) ? `${place}index` : place}.md`))
  }

  test('every page but those of decisions is led to, and every place that is promised is there', () => {
    const linked = new Set(
      all.flatMap((page) =>
        linksOf(page).map((href) => posix.normalize(posix.join(folderOf(page), href.replace(/#.*/, '')))),
      ),
    )
    const led = new Set([...promised(), ...linked])
    expect(pages.filter((page) => !/^docs\/decisions\//.test(page) && !led.has(page))).toEqual([])
    expect([...promised()].filter((page) => !existsSync(join(root, page)))).toEqual([])
  })

  test('every page of a folder is in its sidebar', () => {
    const parts = /^docs\/(?:learn|howto|operate|understand|appendix|reference|develop|gallery|ko)\//
    expect(pages.filter((page) => parts.test(page) && !promised().has(page))).toEqual([])
  })
})

test('no page of the site links to a decision, which the site leaves out', () => {
  const isDecision = (place: string): boolean => place.startsWith('docs/decisions')
  const links = pages
    .filter((page) => !isDecision(page))
    .flatMap((page) => linksOf(page).map((href) => ({ page, href })))
    .filter(({ page, href }) => isDecision(posix.normalize(posix.join(folderOf(page), href))))
  expect(links).toEqual([])
})

describe('words of search', () => {
  const { options, searchOptions } = miniSearch
  test('keys, options and codes are words, and so are their parts', () => {
    expect(options.tokenize('the key `trial.escape`, or --best')).toEqual(
      expect.arrayContaining(['trial.escape', 'trial', 'escape', 'best']),
    )
    expect(searchOptions.tokenize('NOT_FOUND')).toEqual(expect.arrayContaining(['NOT_FOUND', 'FOUND']))
  })
  test.each([
    ['탈출', '탈출을 셉니다'],
    ['탈출을', '탈출이 드물면'],
    ['탈출', '재탈출까지'],
    ['최소점에서', '최소점으로 돌아온다'],
    ['확률은', '탈출확률'],
    ['eta', 'eta를 키우면'],
    ['eta의', '걸음 크기 eta'],
  ])('%s is found in "%s"', (query, text) => {
    const indexed = options.tokenize(text)
    const words = searchOptions.tokenize(query)
    expect(words.some((word) => indexed.some((each) => each.startsWith(word)))).toBe(true)
  })
  test('a word that ends like a particle keeps its meaning', () => {
    expect(searchOptions.tokenize('속도')).toEqual(['속도'])
  })
})

/** As much of MiniSearch as the box of search has. */
interface Index {
  search(query: string): readonly { readonly id: string }[]
}

if (full)
  describe('the site that is built', needs('chromium'), () => {
    const folder = temporaryFolder()
    let server: StaticFiles
    let origin: string
    /** Loaded here alone: the fast tier needs no browser. */
    let tools: typeof import('@driftfarm/testing/browser')
    let browser: Browser
    let built: readonly string[]
    beforeAll(async () => {
      const vitepress = join(docs, 'node_modules/.bin/vitepress')
      execFileSync(vitepress, ['build', '--outDir', folder.path], { cwd: docs, stdio: ['ignore', 'ignore', 'inherit'] })
      built = readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
      server = await serveFiles(folder.path)
      origin = server.origin
      tools = await import('@driftfarm/testing/browser')
      browser = await tools.openBrowser()
    }, 300_000)
    afterAll(async () => {
      await browser?.close()
      server?.close()
      folder.remove()
    })

    const text = (name: string): string => readFileSync(join(folder.path, name), 'utf8')

    test('asks nobody else for anything', () => {
      const fetched = built.flatMap((name) => {
        if (name.startsWith('files')) return []
        const from = (pattern: RegExp) => [...text(name).matchAll(pattern)].map(([, url]) => `${name}: ${url}`)
        if (name.endsWith('.css')) return from(/(?:url\(|@import )\s*["']?((?:https?:)?\/\/[^"')]+)/g)
        if (name.endsWith('.html'))
          return [
            ...from(
              /<(?:script|img|iframe|source|video|audio|object|embed)\b[^>]*?(?:src|data)="((?:https?:)?\/\/[^"]+)"/g,
            ),
            ...from(/<link\b[^>]*?href="((?:https?:)?\/\/[^"]+)"/g),
          ]
        return []
      })
      expect(fetched).toEqual([])
    })

    test('has the schemas at addresses of their own, and the element for web pages', () => {
      expect(JSON.parse(text('schema/spec.schema.json'))).toEqual(JSON.parse(read('docs/schema/spec.schema.json')))
      expect(built.filter((name) => name.startsWith('schema/')).length).toBe(readdirSync(join(docs, 'schema')).length)
      expect(text('reference/spec.html')).toMatch(/href="\/schema\/spec\.schema\.json"/)
      expect(text('element.js')).toContain('drift-farm')
    })

    test('has every heading that its pages lead to', () => {
      const html = built.filter((name) => name.endsWith('.html') && !name.startsWith('files'))
      const ids = new Map(
        html.map((name) => [`/${name}`, new Set([...text(name).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!))]),
      )
      const lost = html.flatMap((name) =>
        [...text(name).matchAll(/<a\b[^>]*? href="([^"#]*)#([^"]+)"/g)].flatMap(([, path, anchor]) => {
          if (/^[a-z]+:/.test(path!)) return []
          const target = path === '' ? `/${name}` : path!.endsWith('/') ? `${path}index.html` : path!
          const known = ids.get(target)
          return known === undefined || known.has(decodeURIComponent(anchor!)) ? [] : [`${name}: ${path}#${anchor}`]
        }),
      )
      expect(lost).toEqual([])
    })

    /** One of each kind: homes, a lesson, how to, wide tables, mathematics, figures, words, Korean. */
    const kinds = [
      'index',
      'learn/first-sweep',
      'learn/playground',
      'howto/plot',
      'operate/index',
      'develop/index',
      'reference/spec',
      'reference/errors',
      'appendix/proofs',
      'gallery/index',
      'gallery/xor',
      'reference/dictionary',
      'ko/index',
      'ko/learn/first-sweep',
    ]
    const looked = async (name: string, options: Parameters<typeof tools.watchedPage>[2]) => {
      const { page, problems } = await tools.watchedPage(browser, origin, options)
      await page.goto(`${origin}/${name}.html`)
      await page.locator('.VPContent').waitFor()
      const found = [...(await tools.accessibilityOf(page)), ...problems]
      const width = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (width > 0) found.push(`${width} px wider than the window`)
      await page.context().close()
      return found
    }
    describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
      test.each(kinds)('%s has nothing against it, and asks nobody else', { timeout: 120_000 }, async (name) => {
        expect(await looked(name, { colorScheme })).toEqual([])
      })
    })
    test.each(['index', 'reference/spec', 'gallery/xor', 'ko/learn/first-sweep'])(
      '%s has room on a telephone',
      { timeout: 120_000 },
      async (name) => {
        expect(await looked(name, { viewport: { width: 390, height: 844 } })).toEqual([])
      },
    )

    test.each([
      ['learn/playground', 1440, 'light'],
      ['learn/first-sweep', 1440, 'dark'],
      ['learn/rare-rate', 390, 'light'],
    ] as const)('the live figure of %s computes trials, %i px wide, %s', { timeout: 120_000 }, async (...given) => {
      const [name, width, colorScheme] = given
      const { page, problems } = await tools.watchedPage(browser, origin, {
        viewport: { width, height: 900 },
        colorScheme,
      })
      await page.goto(`${origin}/${name}.html`)
      await page.locator('iframe').scrollIntoViewIfNeeded()
      const figure = page.frameLocator('iframe')
      await figure.locator('.play [aria-busy=false]').waitFor({ timeout: 60_000 })
      const sizes =
        '[document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]'
      const rest = () => page.frames()[1]!.evaluate<readonly number[]>(sizes)
      await expect.poll(rest).toEqual([0, 0])
      // The figure follows the colours of the page.
      const other = colorScheme === 'light' ? 'dark' : 'light'
      await page.evaluate(`document.querySelector('.VPSwitchAppearance').click()`)
      await figure.locator(`html[data-theme=${other}]`).waitFor({ timeout: 10_000 })
      expect(problems).toEqual([])
      await page.context().close()
    })

    /** The index that the box of search asks, asked as it does. */
    const indexOf = async (locale: string): Promise<Index> => {
      const chunk = built.find((name) => posix.basename(name).startsWith(`@localSearchIndex${locale}`))!
      const module = join(folder.path, `${locale}.mjs`)
      copyFileSync(join(folder.path, chunk), module)
      const { default: json } = (await import(pathToFileURL(module).href)) as { default: string }
      const vitepress = createRequire(realpathSync(join(docs, 'node_modules/vitepress/package.json')))
      const MiniSearch = vitepress('minisearch') as {
        loadJSON(json: string, options: object): Index
      }
      const { options, searchOptions } = miniSearch
      return MiniSearch.loadJSON(json, {
        fields: ['title', 'titles', 'text'],
        storeFields: ['title', 'titles'],
        searchOptions,
        ...options,
      })
    }
    // What the code knows stands in pages and schemas that are made from it.
    const reference = read('docs/reference/commands.md')
    const commands = [...reference.matchAll(/^## (driftfarm [a-z-]+(?: [a-z-]+)*)/gm)].map(([, name]) => name!)
    const flags = [...new Set([...reference.matchAll(/^\| `[^`]*?(--[a-z-]+)/gm)].map(([, flag]) => flag!))]
    const keys = [...keysOf(JSON.parse(read('docs/schema/spec.schema.json')))]
    const codes = [...read('docs/reference/errors.md').matchAll(/^### `([A-Z_]+)`/gm)].map(([, code]) => code!)
    const placeOf = (code: string): string => `/reference/errors.html#${code.toLowerCase()}`

    test('search finds each command, option, key and code of an error', async () => {
      const index = await indexOf('root')
      /** Whether a page, or a part of one, is among the first so many results. The box shows 16. */
      const finds = (query: string, place: string, within: number): boolean =>
        index
          .search(query)
          .slice(0, within)
          .some(({ id }) => id.startsWith(place))
      const missed = [
        ...commands.filter((name) => !finds(name, `/reference/commands.html#${name.replaceAll(' ', '-')}`, 3)),
        ...flags.filter((flag) => !finds(flag, '/reference/', 16)),
        ...codes.filter((code) => !finds(code, placeOf(code), 2)),
        ...keys.filter((key) => !finds(key, '/reference/spec.html', 16)),
      ]
      expect([commands, flags, keys, codes].map(({ length }) => length > 25)).toEqual([true, true, true, true])
      expect(missed).toEqual([])
    })

    test('search finds the page of each question among its first five results', async () => {
      const index = await indexOf('root')
      const missed = questions.flatMap(([query, ...places]) => {
        const found = index.search(query).slice(0, 5)
        const isFound = found.some(({ id }) => places.some((place) => id.startsWith(`/${place}.html`)))
        return isFound ? [] : [{ query, places, found: found.map(({ id }) => id) }]
      })
      expect(missed).toEqual([])
    })

    test('search finds Korean words with and without particles', async () => {
      const index = await indexOf('ko')
      const lesson = (query: string): boolean =>
        index.search(query).some(({ id }) => id.startsWith('/ko/learn/first-sweep.html'))
      expect(['탈출', '탈출을', '확률', '확률은', '셀', '스윕', '시행'].filter((word) => !lesson(word))).toEqual([])
    })

    const typed = async (page: Page, query: string): Promise<string> => {
      await page.locator('.VPNavBarSearchButton, #local-search button').first().click()
      await page.locator('.VPLocalSearchBox input').fill(query)
      const first = page.locator('.VPLocalSearchBox .results a').first()
      await first.waitFor({ timeout: 10_000 })
      return (await first.getAttribute('href'))!
    }
    test.each([
      ['index', 'driftfarm results', '/reference/commands.html#driftfarm-results-sweep'],
      ['index', 'NOT_FOUND', '/reference/errors.html#not_found'],
      ['index', 'decayBias', '/reference/spec.html#networks'],
      ['ko/index', '의심스러운', '/ko/learn/first-sweep.html'],
    ])('typed on %s, %s leads to %s first', { timeout: 60_000 }, async (from, query, place) => {
      const { page } = await tools.watchedPage(browser, origin)
      await page.goto(`${origin}/${from}.html`)
      expect(await typed(page, query)).toContain(place)
      await page.context().close()
    })
  })

/** What users look for, and the pages of which one must be found. */
const questions: readonly (readonly [query: string, ...places: string[]])[] = [
  ['how many trials', 'howto/how-many'],
  ['columns of the table', 'learn/first-sweep'],
  ['escapeStep rare escapes', 'understand/intervals'],
  ['checkpoint', 'howto/checkpoint'],
  ['optimizers equal noise', 'howto/compare'],
  ['own loss formula', 'learn/your-own'],
  ['custom rule', 'reference/spec', 'develop/rule'],
  ['schedules', 'reference/spec'],
  ['kinds of escape', 'understand/trial'],
  ['more trials', 'learn/first-sweep'],
  ['rename a sweep', 'reference/spec'],
  ['same seed differing results', 'understand/same-bits'],
  ['slope barrier', 'howto/fits'],
  ['LaTeX table', 'howto/paper'],
  ['citation', 'howto/paper'],
  ['rate per unit of time', 'learn/rare-rate'],
  ['departure and arrival', 'learn/rare-rate'],
  ['committor', 'learn/rare-rate'],
  ['score of splitting', 'howto/rare-events', 'understand/splitting'],
  ['Eyring-Kramers', 'understand/temperature', 'understand/exact'],
  ['ports', 'operate/overview'],
  ['states of the farm', 'operate/troubleshooting'],
  ['ten nodes', 'operate/systemd'],
  ['submission from a laptop', 'operate/docker'],
  ['SLURM time limit', 'operate/slurm'],
  ['scaling to zero', 'operate/kubernetes'],
  ['alerts', 'operate/monitoring'],
  ['restore', 'operate/backup'],
  ['licence', 'reference/compatibility'],
  ['golden digests', 'develop/kernel-version'],
  ['dropout', 'howto/networks'],
  ['without installing', 'learn/playground'],
  ['batchnorm', 'learn/limits'],
  ['CNN', 'learn/limits'],
  ['AdamW', 'learn/limits'],
  ['GPU', 'learn/limits'],
  ['one-hot', 'howto/networks'],
  ['class labels', 'reference/spec'],
  ['database size', 'operate/disk-space'],
  ['disk', 'operate/disk-space'],
  ['shrink database', 'operate/disk-space'],
  ['vacuum', 'operate/disk-space'],
  ['stop overnight', 'operate/one-machine'],
  ['pause', 'operate/one-machine'],
  ['unit test', 'howto/testing'],
  ['node:test', 'howto/testing'],
  ['upgrade results', 'howto/upgrading'],
  ['kernel version', 'howto/upgrading'],
  ['early stopping', 'understand/stopping'],
  ['interim look', 'understand/stopping'],
  ['SGLD', 'understand/sdg'],
  ['Langevin', 'understand/sdg'],
  ['Arrhenius', 'howto/fits'],
]
