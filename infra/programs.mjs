// The programs that some tests need in addition to Node.
//   node infra/programs.mjs          install those that are missing from Debian, as root
//   node infra/programs.mjs --full   also those of the slow tier
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './root.mjs'

const programs = JSON.parse(readFileSync(join(root, 'packages/testing/src/programs.json'), 'utf8'))

/** How to install these programs and Python modules. */
export function installationOf(names) {
  const packages = [...new Set(names.flatMap((name) => programs[name].debian ?? []))].sort()
  const others = names.filter((name) => programs[name].debian === undefined)
  return [
    ...(packages.length > 0 ? [`on Debian: sudo apt-get install ${packages.join(' ')}`] : []),
    ...(others.length > 0 ? [`pip install ${others.join(' ')}`] : []),
  ].join('; ')
}

/** Creates a folder of links to everything on the PATH except these programs, and returns it as a PATH. */
export function pathWithoutPrograms(folder) {
  const names = new Set(Object.values(programs).flatMap((program) => program.names))
  mkdirSync(folder)
  const seen = new Set()
  for (const from of process.env.PATH.split(delimiter))
    for (const name of namesIn(from)) {
      if (names.has(name) || seen.has(name)) continue
      seen.add(name)
      symlinkSync(join(from, name), join(folder, name))
    }
  return folder
}

function namesIn(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Installs missing programs with apt. Throws an Error with the end of the output of apt. */
export function installPrograms({ full = false } = {}) {
  const wanted = Object.values(programs).filter(({ tier }) => full || tier !== 'full')
  const missing = [...new Set(wanted.flatMap(({ debian }) => debian ?? []))].filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  console.log(`installing ${missing.join(', ')}`)
  // Debian starts services after installing them unless this file forbids it. Tests start servers of their own.
  const policy = '/usr/sbin/policy-rc.d'
  const isOurs = writeNew(policy, '#!/bin/sh\nexit 101\n')
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', ...missing)
  } finally {
    if (isOurs) rmSync(policy, { force: true })
  }
}

function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is dpkg's.
  const { stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Abbrev}', name], { encoding: 'utf8' })
  return stdout?.startsWith('ii') ?? false
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, stdout, stderr, error } = spawnSync('apt-get', words, { env, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status === 0) return
  const tail = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-15).join('\n')
  throw new Error(`apt-get ${words[0]} failed:\n${tail}`)
}

function writeNew(file, text) {
  try {
    writeFileSync(file, text, { mode: 0o755, flag: 'wx' })
    return true
  } catch {
    return false
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  installPrograms({ full: process.argv.includes('--full') })
