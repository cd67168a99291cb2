const defaultPort = '6379'
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * A Redis URL in a form that may be shown and compared: without user, password and options. `localhost` on two machines
 * means two different queues, so it is replaced by the name of this machine.
 *
 *     redisPlace('rediss://:secret@localhost/1', 'nodeA') // 'redis://nodeA:6379/1'
 */
export function redisPlace(redisUrl: string, machine: string): string {
  const { hostname, port } = new URL(redisUrl)
  const host = hostname === '' || loopback.test(hostname) ? machine : hostname
  return `redis://${host}:${port || defaultPort}/${databaseOf(redisUrl)}`
}

/** The number of the Redis database in the URL, as text. */
export function databaseOf(redisUrl: string): string {
  const { pathname, searchParams } = new URL(redisUrl)
  return pathname.replace(/^\//, '') || searchParams.get('db') || '0'
}
