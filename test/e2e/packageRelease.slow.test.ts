import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, expect, test } from 'vitest'

// A whole release of a copy of this checkout. Set-up, checks, two builds and the tests of the package take minutes.
const folder = temporaryFolder('driftfarm-release-test-')
afterAll(() => folder.remove())
const checkout = join(folder.path, 'checkout')
// As in a terminal: the tests set variables of their own.
const own = /^(VITEST|NODE_ENV|NODE_OPTIONS|DRIFTFARM_|TEST)/
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))

const git = (...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...words], { cwd: checkout })
function commit(name: string, text: string): void {
  writeFileSync(join(checkout, name), text)
  git('add', '--all')
  git('commit', '--quiet', '--message', name)
}
const release = () =>
  spawnSync('npm', ['run', '--silent', 'release'], { cwd: checkout, env, encoding: 'utf8', maxBuffer: 1 << 28 })

test('a release is whole, and is refused for a dirty checkout, a version without notes and a failing check', () => {
  const names = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root })
  for (const name of names.toString().split('\0').slice(0, -1)) cpSync(join(root, name), join(checkout, name))
  git('init', '--quiet')
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  commit('CHANGELOG.md', changelog.replace(/^## .*/m, '## Unreleased'))
  writeFileSync(join(checkout, 'new.txt'), '')
  expect(release()).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'release: The checkout has uncommitted changes: commit or remove them first.\n?? new.txt\n',
  })
  rmSync(join(checkout, 'new.txt'))
  const { version } = JSON.parse(readFileSync(join(checkout, 'packages/driftfarm/package.json'), 'utf8'))
  expect(release().stderr).toBe(
    `release: CHANGELOG.md has no notes for version ${version}: write them under the heading "## ${version}".\n`,
  )
  commit('CHANGELOG.md', changelog.replace(/^## .*/m, `## ${version}`))
  commit('infra/long.mjs', `// ${'-'.repeat(120)}\n`)
  expect(release().stderr).toContain('release: Static checks fail (')
  rmSync(join(checkout, 'infra/long.mjs'))
  commit('README.md', readFileSync(join(checkout, 'README.md'), 'utf8'))

  const { status, stdout, stderr } = release()
  expect(status, stderr).toBe(0)
  expect(stdout).toContain('Nothing is published yet.')
  expect(stdout).toContain(`npm publish --access public ./driftfarm-${version}.tgz\n`)
  const made = join(checkout, 'packages/driftfarm/dist/release')
  const read = (name: string) => readFileSync(join(made, name))
  const whole = ['-docs.tar.gz', '-source.tar.gz', '.cdx.json', '.tgz'].map((end) => `driftfarm-${version}${end}`)
  expect(readdirSync(made).sort()).toEqual([...whole, 'NOTES.md', 'SHA256SUMS'].sort())
  const sums = whole.map((name) => `${createHash('sha256').update(read(name)).digest('hex')}  ${name}`)
  expect(read('SHA256SUMS').toString().split('\n')).toEqual(expect.arrayContaining(sums))
  expect(changelog).toContain(read('NOTES.md').toString().trim())
  const contents = (name: string) =>
    execFileSync('tar', ['-tzf', join(made, name)])
      .toString()
      .split('\n')
  expect(contents(whole[0]!)).toEqual(expect.arrayContaining(['./index.html', './reference/spec.html']))
  expect(contents(whole[1]!)).toEqual(expect.arrayContaining(['infra/Dockerfile', 'pnpm-lock.yaml']))
  const { components } = JSON.parse(read(whole[2]!).toString())
  // In turn: a dependency, what only it needs, and packages that only the bundles of the program and the page contain.
  for (const name of ['fastify', 'find-my-way', 'commander', 'react-dom'])
    expect(
      components.some((each: { name: string }) => each.name === name),
      name,
    ).toBe(true)
}, 3_600_000)
