// npm run release: makes everything that a release publishes in one folder, verifies it, and stops before it publishes.
// It refuses uncommitted changes, a version without notes, and failing checks. It needs git, tar and npm's registry.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { root } from './root.mjs'
import { command } from './setup.mjs'

const temporary = mkdtempSync(join(tmpdir(), 'driftfarm-release-'))
/** Everything is made here, and copied when all of it has passed. */
const made = join(temporary, 'release')
const folder = join(root, 'packages/driftfarm/dist/release')
const packageFolder = 'packages/driftfarm/dist/package'
const say = (text) => process.stderr.write(`release: ${text}\n`)

function release() {
  const { version } = read('packages/driftfarm/package.json')
  const changed = command('git', ['status', '--porcelain'], { what: 'git status' }).trimEnd()
  if (changed !== '') throw new Error(`The checkout has uncommitted changes: commit or remove them first.\n${changed}`)
  const notes = notesOf(version)
  say('static checks')
  check()
  mkdirSync(made)
  writeFileSync(join(made, 'NOTES.md'), notes)

  say('package')
  const tarball = join(made, packed(root, made))
  say('source, from which the Dockerfile makes the image')
  const source = join(made, `driftfarm-${version}-source.tar.gz`)
  command('git', ['archive', '--output', source, 'HEAD'], { what: 'git archive' })
  say('documentation site')
  command(process.execPath, ['infra/docs.mjs'], { what: 'npm run docs' })
  const site = join(made, `driftfarm-${version}-docs.tar.gz`)
  command('tar', ['-czf', site, '-C', join(root, 'docs/.vitepress/dist'), '.'], { what: 'tar' })
  say('list of components (SBOM)')
  writeFileSync(join(made, `driftfarm-${version}.cdx.json`), components())

  say('another build of the package, from the source')
  compareWithBuildOf(source, tarball)
  const nodes = nodesToTry()
  for (const [name, node] of nodes) {
    say(`tests of the package on Node ${name}`)
    test(tarball, node, name)
  }
  writeFileSync(join(made, 'SHA256SUMS'), sums())
  rmSync(folder, { recursive: true, force: true })
  cpSync(made, folder, { recursive: true })
  process.stdout.write(
    `${readdirSync(folder).join('\n')}\n\nThe release is in ${folder}. It was tested on Node ` +
      `${nodes.map(([name]) => name).join(', ')}. Nothing is published yet. To publish it:\n\n` +
      `  cd ${folder} && sha256sum --check SHA256SUMS\n` +
      `  npm publish --access public ./${basename(tarball)}\n` +
      `  docker build --file infra/Dockerfile --tag driftfarm:${version} - < ${basename(source)}\n` +
      `  git tag v${version} ${command('git', ['rev-parse', 'HEAD'], { what: 'git rev-parse' })}`,
  )
}

const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'))

/** The part of the changelog that is about the version. */
function notesOf(version) {
  const parts = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^(?=## )/m)
  const part = parts.find((text) => text.split(/\s/)[1] === version)
  const text = part?.replace(/^.*\n/, '').trim()
  if (!text)
    throw new Error(`CHANGELOG.md has no notes for version ${version}: write them under the heading "## ${version}".`)
  return `${text}\n`
}

function check() {
  const { status, stdout } = spawnSync(process.execPath, ['infra/check.mjs'], { cwd: root, encoding: 'utf8' })
  if (status === 0) return
  const names = [...stdout.matchAll(/^FAIL (.*) \(/gm)].map(([, name]) => name).join(', ')
  throw new Error(`Static checks fail (${names}): run \`npm run check\` and fix what it prints.`)
}

/** Returns the name of the tarball of a checkout in the folder `to`. */
function packed(checkout, to) {
  command(process.execPath, ['infra/package.mjs'], { cwd: checkout, what: 'npm run package' })
  const cwd = join(checkout, packageFolder)
  return command('npm', ['pack', '--silent', '--pack-destination', to], { cwd, what: 'npm pack' }).trim()
}

/** Dependencies as npm resolves them now, and the packages in the bundles, in CycloneDX. */
function components() {
  const cwd = join(temporary, 'driftfarm')
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'package.json'), readFileSync(join(root, packageFolder, 'package.json')))
  const install = ['install', '--package-lock-only', '--prefer-offline', '--no-audit', '--no-fund']
  command('npm', install, { cwd, what: 'npm install' })
  const list = JSON.parse(
    command('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], { cwd, what: 'npm sbom' }),
  )
  const known = new Set(list.components.map((each) => each['bom-ref']))
  const notices = readFileSync(join(root, packageFolder, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  for (const [, name, version, license] of notices.matchAll(/^(\S+) (\d+\.\d+\.\d+\S*), (\S+)$/gm)) {
    const reference = `${name}@${version}`
    if (known.has(reference)) continue
    const purl = `pkg:npm/${reference.replace(/^@/, '%40')}`
    const licenses = [{ license: { id: license } }]
    list.components.push({ 'bom-ref': reference, type: 'library', name, version, scope: 'required', purl, licenses })
    list.dependencies[0].dependsOn.push(reference)
    list.dependencies.push({ ref: reference, dependsOn: [] })
  }
  return `${JSON.stringify(list, null, 2)}\n`
}

/** The image is built from the source, so it must contain the same package. */
function compareWithBuildOf(source, tarball) {
  const cwd = join(temporary, 'source')
  mkdirSync(cwd)
  command('tar', ['-xzf', source, '-C', cwd], { what: 'tar' })
  command(process.execPath, ['infra/setup.mjs'], { cwd, what: 'set-up of the source archive' })
  const again = join(temporary, packed(cwd, temporary))
  if (hashOf(again) !== hashOf(tarball))
    throw new Error('A second build, from the source archive, made another package: find what differs in its files.')
}

/** [version, path]: this Node, and the newest release of each other line from Node 20 on that npm can install. */
function nodesToTry() {
  const own = process.versions.node
  const lines = new Map()
  const name = `node-${process.platform}-${process.arch}`
  const versions = spawnSync('npm', ['view', name, 'versions', '--json'], { encoding: 'utf8' })
  if (versions.status === 0)
    for (const each of JSON.parse(versions.stdout)) if (!each.includes('-')) lines.set(Number.parseInt(each, 10), each)
  const newest = Math.max(...lines.keys())
  // Odd lines end after half a year.
  const others = [...lines].filter(([line]) => line >= 20 && (line % 2 === 0 || line === newest))
  const found = others.flatMap(([line, version]) => {
    if (line === Number.parseInt(own, 10)) return []
    const prefix = join(temporary, version)
    const words = ['install', '--no-audit', '--no-fund', '--prefix', prefix, `${name}@${version}`]
    const { status } = spawnSync('npm', words)
    return status === 0 ? [[version, join(prefix, 'node_modules', name, 'bin/node')]] : []
  })
  if (found.length === 0) say(`warning: npm cannot install ${name}, so only Node ${own} is tested`)
  return [[own, process.execPath], ...found]
}

/** publint, attw, types, licences. Installs the tarball for a user without files, and runs command and library. */
function test(tarball, node, name) {
  // What does not run the package is the same on each Node.
  const some = node === process.execPath ? [] : ['-t', 'the command runs|up serves|the library|the examples']
  const env = { ...process.env, DRIFTFARM_RELEASE_TARBALL: tarball, DRIFTFARM_RELEASE_NODE: node }
  const words = ['infra/test.mjs', '--full', 'test/e2e/package.test.ts', ...some]
  command(process.execPath, words, { env, what: `tests of the package on Node ${name}` })
}

const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

const sums = () =>
  readdirSync(made)
    .map((name) => `${hashOf(join(made, name))}  ${name}\n`)
    .join('')

let failed = false
try {
  release()
} catch (error) {
  say(error.message)
  failed = true
}
rmSync(temporary, { recursive: true, force: true })
process.exit(failed ? 1 : 0)
