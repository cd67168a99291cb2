import { expect, test } from 'vitest'
import { isForwarded } from './guard.ts'
import { isLoopback, isOwnHost, isOwnOrigin, type ServerAddress, urlOf } from './serverAddress.ts'

const here: ServerAddress = { host: '127.0.0.1', port: 8080, publicUrl: null }
const open: ServerAddress = { host: '0.0.0.0', port: 8080, publicUrl: null }
const behind: ServerAddress = { ...here, publicUrl: new URL('https://farm.example.org/x/') }

test.each([
  ['127.0.0.1:8080', true],
  ['localhost:8080', true],
  ['[::1]:8080', true],
  ['127.0.0.1:8081', false],
  ['127.0.0.1', false],
  ['evil.example', false],
  ['evil.example:8080', false],
  ['localhost.evil.example:8080', false],
  ['127.0.0.1:8080@evil.example', false],
  ['', false],
  [undefined, false],
])('on loopback the host %s counts as its own: %s', (host, own) => expect(isOwnHost(host, here)).toBe(own))

test('behind a proxy its name counts too; where others can connect, any name does', () => {
  expect(isOwnHost('farm.example.org', behind)).toBe(true)
  expect(isOwnHost('other.example.org', behind)).toBe(false)
  expect(isOwnHost('farm-7.svc:8080', open)).toBe(true)
})

test.each([
  [undefined, here, true],
  ['http://127.0.0.1:8080', here, true],
  ['http://127.0.0.1:3000', here, false],
  ['http://evil.example', here, false],
  ['null', here, false],
  ['https://farm.example.org', behind, true],
  ['http://farm.example.org', behind, false],
])('a page of %s may send requests: %#', (origin, place, own) =>
  expect(isOwnOrigin(origin, '127.0.0.1:8080', place)).toBe(own),
)

test('which addresses other machines can reach, and how they are written', () => {
  expect(['127.0.0.1', '::1', 'localhost'].every((host) => isLoopback({ host }))).toBe(true)
  expect(['0.0.0.0', '::', '10.0.0.7', 'farm.local'].some((host) => isLoopback({ host }))).toBe(false)
  expect(urlOf({ host: '::1', port: 80 })).toBe('http://[::1]:80')
  expect(urlOf({ host: '0.0.0.0', port: 8080 })).toBe('http://localhost:8080')
})

test('forwarded requests are recognised', () => {
  const requested = (headers: Record<string, string>, httpVersion = '1.1') => isForwarded({ headers, httpVersion })
  expect(requested({ host: '127.0.0.1:8080', accept: '*/*' })).toBe(false)
  expect(requested({ 'x-forwarded-for': '10.0.0.1' })).toBe(true)
  expect(requested({ via: '1.1 caddy' })).toBe(true)
  expect(requested({ forwarded: 'for=10.0.0.1' })).toBe(true)
  // nginx with its default settings sends no such header, but uses HTTP 1.0.
  expect(requested({}, '1.0')).toBe(true)
})
