import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { describe, expect, test } from 'vitest'

// How much there is to read, and that each folder leads to all of its pages.
const mostInAll = 125_000
const mostOfAPage = 12_000

const read = (name: string): string => readFileSync(join(root, name), 'utf8')
/** As `wc -w` counts them. */
const wordsOf = (name: string): number => read(name).match(/\S+/g)?.length ?? 0

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !/node_modules|^\.vitepress|^decisions/.test(name))
  .map((name) => `docs/${name}`)
const isIn = (page: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => page.startsWith(`docs/${folder}/`))
const counted = ['README.md', 'examples/README.md', ...pages.filter((page) => !isIn(page, 'reference', 'ko'))]

test('all pages together are short enough to be read', () => {
  expect(counted.reduce((sum, page) => sum + wordsOf(page), 0)).toBeLessThanOrEqual(mostInAll)
})

test('no page is too long, but for manuals that are read in parts', () => {
  const long = counted
    .filter((page) => !isIn(page, 'operate', 'develop', 'appendix'))
    .map((page) => [page, wordsOf(page)] as const)
    .filter(([, words]) => words > mostOfAPage)
  expect(long).toEqual([])
})

describe.each(['learn', 'howto', 'operate', 'understand', 'reference', 'develop', 'gallery'])('docs/%s', (folder) => {
  test('has a first page that links to all others', () => {
    const index = read(`docs/${folder}/index.md`)
    const names = pages.filter((page) => isIn(page, folder)).map((page) => page.slice(`docs/${folder}/`.length))
    expect(names.filter((name) => name !== 'index.md' && !index.includes(`](${name}`))).toEqual([])
  })
})

test('no heading of a guide is a question', () => {
  const guides = pages.filter((page) => isIn(page, 'learn', 'howto', 'operate', 'develop', 'understand'))
  const questions = guides.flatMap((page) =>
    [...read(page).matchAll(/^#+ .*\?$/gm)].map(([heading]) => `${page}: ${heading}`),
  )
  expect(questions).toEqual([])
})
