/** Port of a Redis whose address names none. */
const usualPort = '6379'
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * A Redis URL as it may be shown and compared: no user, no password, no options. `localhost` of two machines is two
 * queues, so it becomes the name of this one.
 *
 *     redisPlace('rediss://:secret@localhost/1', 'nodeA') // 'redis://nodeA:6379/1'
 */
export function redisPlace(redisUrl: string, machine: string): string {
  const { hostname, port, pathname, searchParams } = new URL(redisUrl)
  const host = hostname === '' || loopback.test(hostname) ? machine : hostname
  const database = pathname.replace(/^\//, '') || searchParams.get('db') || '0'
  return `redis://${host}:${port || usualPort}/${database}`
}
