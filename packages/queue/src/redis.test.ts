import { needs } from '@driftfarm/testing/program'
import { startRedis } from '@driftfarm/testing/redis'
import { describe, expect, test } from 'vitest'
import { createQueueFactory } from './index.ts'
import { checkServer, redisPlace } from './redis.ts'

const databaseUrl = 'postgresql://127.0.0.1:1/none'

test('the reply to INFO is evaluated', () => {
  const info = 'redis_version:8.0.2\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n'
  expect(checkServer(info)).toEqual([])
  expect(checkServer(info.replace('aof_enabled:1', 'aof_enabled:0'))).toEqual([
    expect.stringContaining('no append-only file'),
  ])
  expect(() => checkServer(info.replace('8.0.2', '5.0.7'))).toThrow('6.2 or newer is needed')
  expect(() => checkServer(info.replace('noeviction', 'volatile-lru'))).toThrow('volatile-lru')
  // A fork that says what it stands for and what it is.
  expect(checkServer(`${info}valkey_version:8.1.1\r\n`)).toEqual([])
})

test('an invalid Redis URL is refused without repeating its password', () => {
  for (const redisUrl of ['localhost:6379', 'http://user:secret@host', 'nonsense secret']) {
    try {
      createQueueFactory({ databaseUrl, kernelVersion: 1, redisUrl })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'REDIS_URL', exit: 2 })
      expect(String(error)).not.toContain('secret')
    }
  }
})

test(
  'a server that needs another login reports it, and the hint says where to put it',
  needs('redis-server'),
  async () => {
    const server = await startRedis()
    const { Redis } = await import('ioredis')
    const client = new Redis(server.url)
    await client.config('SET', 'requirepass', 'right')
    const url = new URL(server.url)
    for (const [password, word] of [
      ['', 'NOAUTH'],
      ['wrong', 'WRONGPASS'],
      ['right', null],
    ] as const) {
      url.password = password
      const factory = createQueueFactory({
        databaseUrl,
        kernelVersion: 1,
        redisUrl: url.href,
        onNotice: () => undefined,
      })
      const said = await factory.check().catch((error: unknown) => error)
      if (word === null) expect(said).toBeUndefined()
      else {
        expect(said).toMatchObject({ code: 'REDIS_LOGIN', exit: 7, hint: expect.stringContaining('REDIS_URL') })
        expect(String(said)).toContain(word)
        expect(String(said)).not.toContain('wrong@')
      }
      await factory.close()
    }
    await client.config('SET', 'requirepass', '')
    client.disconnect()
    await server.close()
  },
)

test('a server that does not respond is unreachable', async () => {
  const factory = createQueueFactory({ databaseUrl, kernelVersion: 1, redisUrl: 'redis://127.0.0.1:1' })
  await expect(factory.check()).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE', exit: 7, retryable: true })
  // Where, and why: not only that a connection is closed.
  await expect(factory.check()).rejects.toThrow(/redis:\/\/\S+:1\/0: connect ECONNREFUSED/)
  await factory.close()
})

describe('with a server', needs('redis-server'), () => {
  test('one that evicts is refused, one without AOF gets a notice', async () => {
    const evicting = await startRedis({ policy: 'allkeys-lru' })
    const factory = createQueueFactory({ databaseUrl, kernelVersion: 1, redisUrl: evicting.url })
    await expect(factory.check()).rejects.toMatchObject({ code: 'REDIS_EVICTION', retryable: false })
    await factory.close()
    await evicting.close()

    const keeping = await startRedis()
    const notices: string[] = []
    const other = createQueueFactory({
      databaseUrl,
      kernelVersion: 1,
      redisUrl: keeping.url,
      onNotice: (notice) => notices.push(notice),
    })
    await other.check()
    expect(notices).toEqual([expect.stringContaining('no append-only file')])
    await other.close()
    await keeping.close()
  })

  test('a full server is distinguished from an unreachable one', async () => {
    const full = await startRedis({ maxmemory: 3_000_000 })
    const factory = createQueueFactory({ databaseUrl, kernelVersion: 1, redisUrl: full.url })
    const jobs = Array.from({ length: 20_000 }, (_, place) => ({ bundle: place + 1 }))
    await expect(factory.producer().add(jobs)).rejects.toMatchObject({ code: 'QUEUE_FULL', retryable: true })
    await factory.close()
    await full.close()
  })
})

test.each([
  ['redis://10.0.0.5:6380/3', 'redis://10.0.0.5:6380/3'],
  ['redis://redis.internal', 'redis://redis.internal:6379/0'],
  ['redis://localhost', 'redis://nodeA:6379/0'],
  ['redis://127.0.0.1:6379/0', 'redis://nodeA:6379/0'],
  ['redis://[::1]:7000', 'redis://nodeA:7000/0'],
  ['redis://?db=2', 'redis://nodeA:6379/2'],
])('%s is %s', (url, place) => {
  expect(redisPlace(url, 'nodeA')).toBe(place)
})

test('no place contains a password, and two logins of one Redis are one queue', () => {
  const place = redisPlace('rediss://user:secret@cache:6379/1?tls=x', 'nodeA')
  expect(place).toBe(redisPlace('redis://:other@cache/1', 'nodeB'))
  expect(place).not.toMatch(/secret|user/)
})
