import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { root } from './command.ts'
import { temporaryFolder } from './folder.ts'
import { isMissing, needs, programPath } from './program.ts'
import programs from './programs.json' with { type: 'json' }

const folder = temporaryFolder('driftfarm-program-')
afterAll(() => folder.remove())
const { PATH } = process.env
afterEach(() => {
  process.env.PATH = PATH
})
function onlyOnPath(name: string, mode = 0o755): void {
  const path = join(folder.path, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, mode)
  process.env.PATH = folder.path
}

test('a program is found by any of its names, if it can be run', () => {
  onlyOnPath('valkey-server')
  expect(programPath('redis-server')).toBe(join(folder.path, 'valkey-server'))
  expect(needs('redis-server')).toEqual({ skip: false, meta: { requiresPrograms: ['redis-server'], missing: [] } })
  onlyOnPath('valkey-server', 0o644)
  expect(isMissing('redis-server')).toBe(true)
})

test('if it is missing its tests skip, and an error says how to install it', () => {
  onlyOnPath('valkey-server')
  expect(needs('redis-server', 'psql')).toEqual({
    skip: true,
    meta: { requiresPrograms: ['redis-server', 'psql'], missing: ['psql'] },
  })
  expect(() => programPath('psql')).toThrow('psql is not on PATH; on Debian: sudo apt-get install postgresql-client')
  expect(() => programPath('duckdb')).toThrow('no Python on PATH has duckdb; pip install duckdb')
})

test('root and Linux are needs too', () => {
  expect([isMissing('root'), isMissing('linux')]).toEqual([process.getuid?.() !== 0, process.platform !== 'linux'])
})

function undeclared(text: string): readonly string[] {
  if (/\b(needs|describeQueues)\(/.test(text)) return []
  const names = Object.values(programs).flatMap((program) => program.names)
  const starts = new RegExp(`(?:exec|spawn|run)\\w*\\(\\s*'(?:${names.join('|')})'`, 'g')
  const shared = /@driftfarm\/testing\/(?:redis|pgbouncer|browser|proxies)'/g
  return [...text.matchAll(starts), ...text.matchAll(shared)].map(([found]) => found)
}

function testFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : testFiles(name)
    return name.endsWith('.test.ts') ? [name] : []
  })
}

test('every test file that starts a program declares that it needs one', () => {
  const files = ['packages', 'test'].flatMap(testFiles)
  expect(files.length).toBeGreaterThan(200)
  const wrong = files.flatMap((name) =>
    undeclared(readFileSync(join(root, name), 'utf8')).map((found) => `${name}: ${found}`),
  )
  expect(wrong).toEqual([])
})

test('negative control: a file that does not is found', () => {
  expect(undeclared("execFileSync('bash', [])")).toHaveLength(1)
  expect(undeclared("import { startRedis } from '@driftfarm/testing/redis'")).toHaveLength(1)
  expect(undeclared("execFileSync('git', [])")).toEqual([])
})
