import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { describe, expect, test } from 'vitest'

// Limits of the number of words, and links from the landing page of each folder to all its pages.
const maxTotal = 75_000
const maxPerPage = 2_500

const read = (name: string): string => readFileSync(join(root, name), 'utf8')
/** The same count as `wc -w`. */
const wordsOf = (name: string): number => read(name).match(/\S+/g)?.length ?? 0

const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !/node_modules|^\.vitepress|^decisions/.test(name))
  .map((name) => `docs/${name}`)
const isIn = (page: string, ...folders: readonly string[]): boolean =>
  folders.some((folder) => page.startsWith(`docs/${folder}/`))
const counted = ['README.md', 'examples/README.md', ...pages.filter((page) => !isIn(page, 'reference', 'ko'))]

test('all pages together have at most 75,000 words', () => {
  expect(counted.reduce((sum, page) => sum + wordsOf(page), 0)).toBeLessThanOrEqual(maxTotal)
})

test('no guide has more than 2,500 words, except manuals', () => {
  const long = counted
    .filter((page) => !isIn(page, 'operate', 'develop', 'appendix'))
    .map((page) => [page, wordsOf(page)] as const)
    .filter(([, words]) => words > maxPerPage)
  expect(long).toEqual([])
})

describe.each(['learn', 'howto', 'operate', 'understand', 'reference', 'develop', 'gallery'])('docs/%s', (folder) => {
  test('has a landing page that links to all others', () => {
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
