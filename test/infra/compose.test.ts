import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs, programPath } from '@driftfarm/testing/program'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mistakeOf } from './commandLine.ts'

const root = new URL('../../', import.meta.url)
const pathOf = (name: string) => fileURLToPath(new URL(name, root))
const read = (name: string) => readFileSync(pathOf(name), 'utf8')

interface Service {
  readonly image?: string
  readonly build?: { readonly dockerfile?: string }
  readonly command?: readonly string[] | string
  readonly secrets?: readonly string[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
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
  worker: { migrate: 'service_completed_successfully' },
  pgbouncer: { postgres: 'service_healthy' },
}

/** All that is wrong with a compose file, in words. */
function mistakesOfCompose(text: string): string[] {
  const file = parse(text, { merge: true }) as Compose
  const { services = {} } = file
  const mistakes = Object.keys(conditions)
    .filter((name) => services[name] === undefined)
    .map((name) => `there is no service ${name}`)
  for (const [name, service] of Object.entries(services))
    mistakes.push(...mistakesOfService(name, service, file).map((what) => `${name}: ${what}`))
  return [...mistakes, ...passwordsIn(text)]
}

interface Compose {
  readonly services?: Readonly<Record<string, Service>>
  readonly volumes?: object
  readonly secrets?: Readonly<Record<string, { readonly file?: string }>>
}

function mistakesOfService(name: string, service: Service, file: Compose): string[] {
  return [
    ...mistakesOfCommand(service),
    ...mistakesOfMounts(service, Object.keys(file.volumes ?? {})),
    ...mistakesOfWaiting(service, file.services ?? {}, conditions[name]),
    ...mistakesOfRights(service, Object.keys(file.secrets ?? {})),
    // What runs once is known by its end.
    ...(name !== 'migrate' && service.healthcheck === undefined ? ['has no health check'] : []),
  ]
}

function mistakesOfCommand({ build, command = [], healthcheck }: Service): string[] {
  if (build === undefined) return []
  const { dockerfile = 'Dockerfile' } = build
  const mistakes = existsSync(pathOf(dockerfile)) ? [] : [`${dockerfile} is not there`]
  const words =
    typeof command === 'string'
      ? command
          .replace(/\$\{[^}]*\}/g, '')
          .trim()
          .split(/\s+/)
      : command
  if (words.length > 0) mistakes.push(...[mistakeOf(words)].filter((what) => what !== null))
  const [, program, ...asked] = (healthcheck as { readonly test?: string[] } | undefined)?.test ?? []
  if (program === 'driftfarm') mistakes.push(...[mistakeOf(asked)].filter((what) => what !== null))
  return mistakes
}

function mistakesOfMounts({ volumes: mounted = [] }: Service, volumes: readonly string[]): string[] {
  const mistakes: string[] = []
  for (const volume of mounted) {
    const [source = ''] = volume.split(':')
    if (!source.startsWith('.')) {
      if (!volumes.includes(source)) mistakes.push(`the volume ${source} is not declared`)
    } else if (!source.startsWith('./infra/')) mistakes.push(`${source} is mounted, which is not in infra/`)
    else if (!existsSync(pathOf(source))) mistakes.push(`${source} is mounted, which is not there`)
  }
  return mistakes
}

function mistakesOfWaiting(
  service: Service,
  services: Readonly<Record<string, Service>>,
  expected: Readonly<Record<string, string>> | undefined,
): string[] {
  const mistakes = expected === undefined ? ['not known to this test'] : []
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

/** A container may write to what it mounts, and has no rights but those that it is given by name. */
function mistakesOfRights(service: Service, declared: readonly string[]): string[] {
  const { read_only, cap_drop, security_opt, secrets = [], environment = {} } = service
  const mistakes = secrets
    .filter((name) => !declared.includes(name))
    .map((name) => `the secret ${name} is not declared`)
  for (const value of Object.values(environment)) {
    const [, name] = /^\/run\/secrets\/(.+)$/.exec(value) ?? []
    if (name !== undefined && !secrets.includes(name)) mistakes.push(`${value} is not among its secrets`)
  }
  if (read_only !== true) mistakes.push('may write to its image')
  if (cap_drop?.join() !== 'ALL') mistakes.push('keeps capabilities')
  if (security_opt?.join() !== 'no-new-privileges:true') mistakes.push('may gain privileges')
  return mistakes
}

/** A secret comes from a file, or from the environment, and without it nothing starts: `${NAME:?...}`. */
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

/** Where the image has the package, and where the package has its command. */
const entryPoint = '/opt/driftfarm/node_modules/driftfarm/bin/driftfarm.js'

/** All that is wrong with the image's recipe, in words. */
function mistakesOfDockerfile(text: string): string[] {
  const lines = text.replace(/\\\n/g, ' ').split('\n')
  const stages = lines.flatMap((line) => /^FROM \S+ AS (\S+)/i.exec(line)?.[1] ?? [])
  const last = lines.slice(lines.findLastIndex((line) => /^FROM /i.test(line)))
  const mistakes: string[] = []
  for (const line of lines.filter((line) => /^(COPY|ADD) /i.test(line))) {
    const stage = /--from=(\S+)/.exec(line)?.[1]
    if (stage !== undefined && !stages.includes(stage)) mistakes.push(`there is no stage ${stage}`)
    if (last.includes(line) && stage !== 'install') mistakes.push(`the image has what is not installed: ${line}`)
  }
  for (const [, script] of text.matchAll(/node (infra\/\S+)/g))
    if (!existsSync(pathOf(script!))) mistakes.push(`${script} is run, which is not there`)
  if (!/npm install .*--omit=dev /.test(text)) mistakes.push('development packages are installed')
  const user = last
    .findLast((line) => line.startsWith('USER '))
    ?.slice('USER '.length)
    .trim()
  if (user === undefined || /^(root|0)(:|$)/.test(user)) mistakes.push('it runs as root')
  const entry = last.findLast((line) => line.startsWith('ENTRYPOINT '))?.slice('ENTRYPOINT '.length)
  if (entry !== JSON.stringify(['node', entryPoint]).replace(',', ', ')) mistakes.push('its entry point is no command')
  const command = last.findLast((line) => line.startsWith('CMD '))?.slice('CMD '.length)
  const mistake = mistakeOf(command === undefined ? [] : (JSON.parse(command) as string[]))
  return mistake === null ? mistakes : [...mistakes, mistake]
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

  it('has the version of the package, as manifests and documentation do', () => {
    const { version } = JSON.parse(read('packages/driftfarm/package.json'))
    const pages = readdirSync(pathOf('docs/operate')).map((name) => `docs/operate/${name}`)
    for (const [names, pattern] of [
      [['docker-compose.yml'], /image: driftfarm:(\S+)/g],
      [['infra/kubernetes/base/kustomization.yaml'], /newTag: (\S+)/g],
      [pages, /driftfarm[-:](\d+\.\d+\.\d+)/g],
    ] as const) {
      const found = names.flatMap((name) => [...read(name).matchAll(pattern)].map(([, text]) => text))
      expect([...new Set(found)], names[0]).toEqual([version])
    }
  })

  it.each([
    [/^ {2}worker:/m, '  workers:', 'there is no service worker'],
    ['command: [db, migrate]', 'command: [migrate]', 'migrate: driftfarm has no command `migrate`'],
    ['command: [coordinator,', 'command: [coordinate,', 'coordinator: driftfarm has no command `coordinate`'],
    ['coordinator, --listen', 'coordinator, --listens', 'coordinator: driftfarm coordinator has no option --listens'],
    ['doctor, --health, --of, worker', 'doctor, --healthy', 'worker: driftfarm doctor has no option --healthy'],
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
    ['read_only: true', 'read_only: false', 'worker: may write to its image'],
    ['cap_drop: [ALL]', 'cap_drop: []', 'postgres: keeps capabilities'],
    [
      'secrets: [postgres_password, admin_token]',
      'secrets: [postgres_password]',
      'coordinator: /run/secrets/admin_token is not among its secrets',
    ],
    [/POSTGRES_PASSWORD_FILE: .*/, 'POSTGRES_PASSWORD: hunter2', 'a password is written down: hunter2'],
    ['driftfarm@postgres', 'driftfarm:hunter2@postgres', 'a password is written down: hunter2'],
    [
      'DATABASE_PASSWORD_FILE: /run/secrets/postgres_password',
      `READER_PASSWORD: \${READER_PASSWORD:-reader}`,
      `a password is written down: \${READER_PASSWORD:-reader}`,
    ],
  ])('a broken copy is found out: %s', (right, wrong, mistake) => {
    expect(mistakesOfCompose(broken(text, right, wrong))).toContain(mistake)
  })
})

describe('docker-compose.yml by compose itself', needs('docker-compose'), () => {
  const folder = temporaryFolder()
  afterAll(() => folder.remove())
  const taken = async (text: string, ...profiles: string[]): Promise<string> => {
    const file = join(folder.path, 'docker-compose.yml')
    writeFileSync(file, text)
    const words = [...profiles.flatMap((name) => ['--profile', name]), '-f', file, 'config', '--format', 'json']
    return promisify(execFile)(programPath('docker-compose'), words).then(
      ({ stdout }) => stdout,
      ({ stderr }) => stderr,
    )
  }

  it('is taken, with its profile and without', async () => {
    const text = read('docker-compose.yml')
    const { services } = JSON.parse(await taken(text)) as Compose
    expect(Object.keys(services!).sort()).toEqual(['coordinator', 'migrate', 'postgres', 'redis', 'worker'])
    expect(services!.worker!.command).toEqual(['worker'])
    expect(JSON.parse(await taken(text, 'pgbouncer')).services.pgbouncer.read_only).toBe(true)
  })

  it('a wrong key and a wrong value are refused', async () => {
    const text = read('docker-compose.yml')
    expect(await taken(broken(text, 'read_only: true', 'readonly: true'))).toContain('readonly is not allowed')
    expect(await taken(broken(text, 'interval: 30s', 'interval: often'))).toMatch(/interval|duration/)
  })
})

describe('infra/Dockerfile', () => {
  const text = read('infra/Dockerfile')

  it('makes an image that runs, and has nothing that only developers need', () => {
    expect(mistakesOfDockerfile(text)).toEqual([])
    const bin = readFileSync(pathOf('infra/package.mjs'), 'utf8')
    expect(bin).toContain("bin: { driftfarm: 'bin/driftfarm.js' }")
  })

  it.each([
    [/^USER .*$/m, '', 'it runs as root'],
    [/^USER .*$/m, 'USER root', 'it runs as root'],
    ['bin/driftfarm.js"]', 'bin/farm.js"]', 'its entry point is no command'],
    ['CMD ["worker"]', 'CMD ["work"]', 'driftfarm has no command `work`'],
    ['--from=build /tmp', '--from=builder /tmp', 'there is no stage builder'],
    ['--omit=dev ', '', 'development packages are installed'],
    ['infra/package.mjs', 'infra/pack.mjs', 'infra/pack.mjs is run, which is not there'],
    [
      'USER 10001',
      'COPY --from=build /farm/packages ./packages\nUSER 10001',
      'the image has what is not installed: COPY --from=build /farm/packages ./packages',
    ],
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
