import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { mistakeOf } from '../infra/commandLine.ts'

const read = (name: string): string => readFileSync(join(root, name), 'utf8')

/** Commands of a page: in its blocks a line each, in its sentences between backquotes. */
function commandsIn(page: string): string[] {
  const blocks = [...page.matchAll(/^```[^\n]*\n(.*?)^```$/gms)].flatMap(([, text]) =>
    text!.replace(/\\\n/g, ' ').split('\n'),
  )
  const inBlocks = blocks.flatMap((line) => /(?:^|exec deploy\/\w+ -- |npx )driftfarm (.*)$/.exec(line)?.[1] ?? [])
  const inText = [...page.replace(/^```.*?^```$/gms, '').matchAll(/`(?:npx )?driftfarm\s+([^`]+)`/g)]
  return [...inBlocks, ...inText.map(([, words]) => words!.replace(/\s+/g, ' '))].map((line) =>
    line.replace(/ *#.*/, ''),
  )
}

const manual = readdirSync(join(root, 'docs/operate')).map((name) => `docs/operate/${name}`)
const linksIn = (page: string): string[] =>
  [...page.matchAll(/\]\((?!https?:)([^)#\s]+)(#[^)]*)?\)/g)].map(([, path]) => path!)

test('the manual has commands and links', () => {
  for (const found of [commandsIn, linksIn])
    expect(manual.flatMap((name) => found(read(name))).length).toBeGreaterThan(8)
  expect(commandsIn('`driftfarm worker --thread 2`').map((line) => mistakeOf(line.split(' ')))).not.toEqual([null])
})

describe.each(manual)('%s', (name) => {
  const page = read(name)

  test('names commands and options that there are', () => {
    // `driftfarm token` is of all three of them.
    const found = commandsIn(page).filter((line) => line !== 'token')
    const wrong = found.map((line) => [line, mistakeOf(line.split(' '))]).filter(([, what]) => what !== null)
    expect(wrong).toEqual([])
  })

  test('leads to files that are there, and names such', () => {
    // Written beside this page.
    const missing = linksIn(page).filter((path) => !existsSync(join(root, dirname(name), path)))
    expect(missing).toEqual([])
    const files = [...page.matchAll(/(?<![\w/])infra\/[\w./*-]+/g)].map(([path]) => path)
    expect(files.filter((path) => !existsSync(join(root, path.replace(/[^/]*\*.*$/, ''))))).toEqual([])
  })
})

test('docs/operate/docker.md: profiles, services and secrets of compose, and ports, are those of the file', () => {
  const pages = ['docker', 'connections', 'backup'].map((name) => read(`docs/operate/${name}.md`)).join('\n')
  const { services, secrets } = parse(read('docker-compose.yml'), { merge: true })
  const profiles = new Set(Object.values<{ profiles?: string[] }>(services).flatMap((each) => each.profiles ?? []))
  for (const [, profile] of pages.matchAll(/--profile (\w+)/g)) expect(profiles).toContain(profile)
  for (const [, service] of pages.matchAll(/--scale (\w+)=/g)) expect(Object.keys(services)).toContain(service)
  for (const [, service] of pages.matchAll(/compose exec -T (\w+)/g)) expect(Object.keys(services)).toContain(service)
  const page = read('docs/operate/docker.md')
  for (const name of Object.keys(secrets)) expect(page).toContain(name)
  for (const [, variable] of page.matchAll(/`(\w+_PORT)`/g))
    expect(read('docker-compose.yml')).toContain(`\${${variable}:-`)
})
