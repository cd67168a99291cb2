import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { commands } from '@driftfarm/cli'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const root = new URL('../../', import.meta.url)
const pathOf = (name: string) => fileURLToPath(new URL(name, root))
const read = (name: string) => readFileSync(pathOf(name), 'utf8')

interface Service {
  readonly image?: string
  readonly build?: { readonly dockerfile?: string }
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly volumes?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: unknown
}

/** Who waits for whom, and for what. */
const conditions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  redis: {},
  postgres: {},
  migrate: { postgres: 'service_healthy', redis: 'service_healthy' },
  coordinator: { migrate: 'service_completed_successfully' },
  page: { migrate: 'service_completed_successfully' },
  worker: { migrate: 'service_completed_successfully' },
}

const names = new Set(commands.map(({ name }) => name))

/** All that is wrong with a compose file, in words. */
function mistakesOfCompose(text: string): string[] {
  const { services = {} } = parse(text, { merge: true }) as { services?: Record<string, Service> }
  const mistakes = Object.keys(conditions)
    .filter((name) => services[name] === undefined)
    .map((name) => `there is no service ${name}`)
  const volumes = Object.keys((parse(text) as { volumes?: object }).volumes ?? {})
  for (const [name, service] of Object.entries(services)) {
    mistakes.push(...mistakesOfService(service, services, volumes, conditions[name]).map((what) => `${name}: ${what}`))
  }
  return [...mistakes, ...passwordsIn(text)]
}

function mistakesOfService(
  service: Service,
  services: Readonly<Record<string, Service>>,
  volumes: readonly string[],
  expected: Readonly<Record<string, string>> | undefined,
): string[] {
  const mistakes: string[] = []
  if (expected === undefined) mistakes.push('not known to this test')
  if (service.build !== undefined) {
    const given = service.command ?? []
    const options = given.findIndex((word) => word.startsWith('--'))
    const words = given.slice(0, options < 0 ? given.length : options).join(' ')
    if (!names.has(words)) mistakes.push(`driftfarm has no command \`${words}\``)
    const { dockerfile = 'Dockerfile' } = service.build
    if (!existsSync(pathOf(dockerfile))) mistakes.push(`${dockerfile} is not there`)
  }
  for (const volume of service.volumes ?? []) {
    const [source = ''] = volume.split(':')
    if (!source.startsWith('.')) {
      if (!volumes.includes(source)) mistakes.push(`the volume ${source} is not declared`)
    } else if (!source.startsWith('./infra/')) mistakes.push(`${source} is mounted, which is not in infra/`)
    else if (!existsSync(pathOf(source))) mistakes.push(`${source} is mounted, which is not there`)
  }
  const given = Object.entries(service.depends_on ?? {}).map(([other, { condition }]) => `${other} ${condition}`)
  const wanted = Object.entries(expected ?? {}).map(([other, condition]) => `${other} ${condition}`)
  if (given.sort().join() !== wanted.sort().join()) {
    mistakes.push(`waits for ${given.join(', ') || 'nothing'}, not for ${wanted.join(', ') || 'nothing'}`)
  }
  for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
    if (condition === 'service_healthy' && services[other]?.healthcheck === undefined)
      mistakes.push(`waits for the health of ${other}, which has no health check`)
  }
  return mistakes
}

/** A secret comes from the environment, and without it nothing starts: `${NAME:?...}`. */
function passwordsIn(text: string): string[] {
  const required = /^\$\{[A-Z_]+:\?[^}]+\}$/
  const values = [
    // What ends in _FILE names a file that holds one.
    ...[...text.matchAll(/^\s*[A-Z_]*(?:PASSWORD|SECRET|TOKEN)[A-Z_]*(?<!_FILE):\s*(.+?)\s*$/gm)].map(
      ([, value]) => value!,
    ),
    ...[...text.matchAll(/:\/\/[^:@/\s]*:([^@/\s]*(?:\$\{[^}]*\})?)@/g)].map(([, value]) => value!),
    ...[...text.matchAll(/requirepass\W+([^\s,\]]+)/g)].map(([, value]) => value!),
  ]
  return values.filter((value) => !required.test(value)).map((value) => `a password is written down: ${value}`)
}

/** What the build stage makes beside what it copies. */
const made = new Set(['node_modules'])

/** All that is wrong with the image's recipe, in words. */
function mistakesOfDockerfile(text: string): string[] {
  const lines = text.replace(/\\\n/g, ' ').split('\n')
  const stages = lines.flatMap((line) => /^FROM \S+ AS (\S+)/i.exec(line)?.[1] ?? [])
  const last = lines.slice(lines.findLastIndex((line) => /^FROM /i.test(line)))
  const mistakes: string[] = []
  const inImage = new Set<string>()
  for (const line of lines.filter((line) => /^(COPY|ADD) /i.test(line))) {
    const words = line.split(/\s+/).slice(1)
    const stage = words.find((word) => word.startsWith('--from='))?.slice('--from='.length)
    if (stage !== undefined && !stages.includes(stage)) mistakes.push(`there is no stage ${stage}`)
    for (const source of words.filter((word) => !word.startsWith('--')).slice(0, -1)) {
      const path = stage === undefined ? source : source.replace(/^\/farm\//, '')
      if (!existsSync(pathOf(path)) && !made.has(path)) mistakes.push(`${path} is copied, which is not there`)
      if (last.includes(line)) inImage.add(path)
    }
  }
  const user = last
    .findLast((line) => line.startsWith('USER '))
    ?.slice('USER '.length)
    .trim()
  if (user === undefined || /^(root|0)(:|$)/.test(user)) mistakes.push('it runs as root')
  const entry = last.findLast((line) => line.startsWith('ENTRYPOINT '))
  const file = /"node", *"\/farm\/([^"]+)"/.exec(entry ?? '')?.[1]
  if (file === undefined) mistakes.push('its entry point is no file of the farm')
  else if (!existsSync(pathOf(file))) mistakes.push(`its entry point ${file} is not there`)
  else if (![...inImage].some((path) => file.startsWith(`${path}/`))) mistakes.push(`${file} is not in the image`)
  const command = last.findLast((line) => line.startsWith('CMD '))?.slice('CMD '.length)
  const usual = command === undefined ? '' : (JSON.parse(command) as string[]).join(' ')
  if (!names.has(usual)) mistakes.push(`driftfarm has no command \`${usual}\``)
  return mistakes
}

function mistakesOfRedis(text: string): string[] {
  const settings = new Map(
    text
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => [line.split(' ')[0]!, line.split(' ').slice(1).join(' ').trim()]),
  )
  const wanted = { 'maxmemory-policy': 'noeviction', appendonly: 'yes' }
  return Object.entries(wanted)
    .filter(([name, value]) => settings.get(name) !== value)
    .map(([name, value]) => `${name} is ${settings.get(name)}, not ${value}`)
}

/** The text with one thing wrong. */
function broken(text: string, right: string | RegExp, wrong: string): string {
  const changed = text.replace(right, wrong)
  if (changed === text) throw new Error(`nothing to break: ${right}`)
  return changed
}

describe('docker-compose.yml', () => {
  const text = read('docker-compose.yml')

  it('starts what there is', () => {
    expect(mistakesOfCompose(text)).toEqual([])
  })

  it.each([
    [/^ {2}worker:/m, '  workers:', 'there is no service worker'],
    ['command: [db, migrate]', 'command: [migrate]', 'migrate: driftfarm has no command `migrate`'],
    ['command: [coordinator]', 'command: [coordinate]', 'coordinator: driftfarm has no command `coordinate`'],
    ['infra/redis/redis.conf', 'infra/redis.conf', 'redis: ./infra/redis.conf is mounted, which is not there'],
    ['dockerfile: infra/Dockerfile', 'dockerfile: Dockerfile', 'worker: Dockerfile is not there'],
    [
      'service_completed_successfully',
      'service_started',
      'coordinator: waits for migrate service_started, not for migrate service_completed_successfully',
    ],
    [
      /healthcheck:\n\s+test: \[CMD, redis-cli, ping\]\n/,
      'x-healthcheck:\n',
      'migrate: waits for the health of redis, which has no health check',
    ],
    [/POSTGRES_PASSWORD: \$\{.*/, 'POSTGRES_PASSWORD: hunter2', 'a password is written down: hunter2'],
    [/driftfarm:\$\{[^}]*\}@/, 'driftfarm:hunter2@', 'a password is written down: hunter2'],
    [':?set READER_PASSWORD}', ':-reader}', `a password is written down: \${READER_PASSWORD:-reader}`],
  ])('a broken copy is found out: %s', (right, wrong, mistake) => {
    expect(mistakesOfCompose(broken(text, right, wrong))).toContain(mistake)
  })
})

describe('infra/Dockerfile', () => {
  const text = read('infra/Dockerfile')

  it('makes an image that runs', () => {
    expect(mistakesOfDockerfile(text)).toEqual([])
  })

  it.each([
    ['/farm/packages ./packages', '/farm/package ./packages', 'package is copied, which is not there'],
    [/^USER .*$/m, '', 'it runs as root'],
    [/^USER .*$/m, 'USER root', 'it runs as root'],
    ['bin/driftfarm.js"]', 'bin/farm.js"]', 'its entry point packages/cli/bin/farm.js is not there'],
    ['COPY --from=build /farm/packages ./packages\n', '', 'packages/cli/bin/driftfarm.js is not in the image'],
    ['CMD ["worker"]', 'CMD ["work"]', 'driftfarm has no command `work`'],
    ['--from=build /farm/node_modules', '--from=builder /farm/node_modules', 'there is no stage builder'],
  ])('a broken copy is found out: %s', (right, wrong, mistake) => {
    expect(mistakesOfDockerfile(broken(text, right, wrong))).toContain(mistake)
  })
})

describe('infra/redis/redis.conf', () => {
  const text = read('infra/redis/redis.conf')

  it('never evicts and survives a restart', () => {
    expect(mistakesOfRedis(text)).toEqual([])
  })

  it.each([
    ['noeviction', 'allkeys-lru', 'maxmemory-policy is allkeys-lru, not noeviction'],
    ['appendonly yes', 'appendonly no', 'appendonly is no, not yes'],
  ])('a broken copy is found out: %s', (right, wrong, mistake) => {
    expect(mistakesOfRedis(broken(text, right, wrong))).toContain(mistake)
  })
})
