import { existsSync, readFileSync } from 'node:fs'
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

describe.each(['docs/howto/deploy.md', 'docs/howto/operate.md'])('%s', (name) => {
  const page = read(name)

  test('names commands and options that there are', () => {
    const found = commandsIn(page)
    expect(found.length).toBeGreaterThan(8)
    // `driftfarm token` is of all three of them.
    const wrong = found.filter((line) => line !== 'token').map((line) => mistakeOf(line.split(' ')))
    expect(wrong.filter((what) => what !== null)).toEqual([])
    expect(commandsIn('`driftfarm worker --thread 2`').map((line) => mistakeOf(line.split(' ')))).not.toEqual([null])
  })

  test('leads to files that are there, and names such', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#\s]+)(#[^)]*)?\)/g)].map(([, path]) => path!)
    expect(links.length).toBeGreaterThan(8)
    // Written beside this page.
    const missing = links.filter((path) => !existsSync(join(root, dirname(name), path)))
    expect(missing).toEqual([])
    const files = [...page.matchAll(/(?<![\w/])infra\/[\w./*-]+/g)].map(([path]) => path)
    expect(files.filter((path) => !existsSync(join(root, path.replace(/[^/]*\*.*$/, ''))))).toEqual([])
  })
})

test('docs/howto/deploy.md: profiles, services and secrets of compose, and ports, are those of the file', () => {
  const page = read('docs/howto/deploy.md')
  const { services, secrets } = parse(read('docker-compose.yml'), { merge: true })
  const profiles = new Set(Object.values<{ profiles?: string[] }>(services).flatMap((each) => each.profiles ?? []))
  for (const [, profile] of page.matchAll(/--profile (\w+)/g)) expect(profiles).toContain(profile)
  for (const [, service] of page.matchAll(/--scale (\w+)=/g)) expect(Object.keys(services)).toContain(service)
  for (const [, service] of page.matchAll(/compose exec -T (\w+)/g)) expect(Object.keys(services)).toContain(service)
  for (const name of Object.keys(secrets)) expect(page).toContain(name)
  for (const [, variable] of page.matchAll(/`(\w+_PORT)`/g))
    expect(read('docker-compose.yml')).toContain(`\${${variable}:-`)
})
