import { totalmem } from 'node:os'

/**
 * Settings of the embedded server, passed on its command line, so that the settings of this version always apply. fsync
 * and synchronous_commit keep their default, on. The server therefore acknowledges a commit only when it is on the
 * disk, unless the transaction sets `durable: false`.
 */
export const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // TCP works on every platform. The path of a Unix socket would limit the length of the home's path.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: `${sharedMB(totalmem())}MB`,
  work_mem: '16MB',
  maintenance_work_mem: '64MB',
  // There are no replicas.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // In a container, /dev/shm may hold only 64 MB, so only two parallel workers are allowed.
  max_parallel_workers_per_gather: '2',
  huge_pages: 'off',
  jit: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  password_encryption: 'scram-sha-256',
  // Passwords consist of 144 random bits, so the default of 4096 iterations would only slow down connecting.
  scram_iterations: '64',
}

/**
 * Size of the page cache: a sixteenth of the memory, but between 128 and 512 MB. The tables of a sweep of 10^5 cells
 * take up some 700 MB, and evicting pages costs a tenth of the time of such a sweep.
 */
export function sharedMB(memoryBytes: number): number {
  return Math.floor(Math.min(512, Math.max(128, memoryBytes / 2 ** 24)))
}

export const initdbOptions: readonly string[] = [
  '--encoding=UTF8',
  '--locale-provider=builtin', // the same order of strings on every platform
  '--locale=C.UTF-8',
  '--auth=scram-sha-256',
  '--no-instructions',
]
