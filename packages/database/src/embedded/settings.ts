/**
 * Settings of the embedded server, given on its command line so that they always are this version's. fsync and
 * synchronous_commit stay on, as they are by default: acknowledged means stored, on a laptop too.
 */
export const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // TCP alone: one way in on every platform, and no limit on the length of the home's path.
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '128MB',
  work_mem: '16MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '512MB',
  // No replicas: the least log, and no senders.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // /dev/shm may hold 64 MB in a container.
  max_parallel_workers_per_gather: '2',
  huge_pages: 'off',
  jit: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  // No log collector: the file below is ours, and only trouble goes there.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  password_encryption: 'scram-sha-256',
  // Passwords are 144 random bits: stretching them only makes connections slow.
  scram_iterations: '64',
}

export const initdbOptions: readonly string[] = [
  '--encoding=UTF8',
  '--locale-provider=builtin', // the same order of strings on every platform
  '--locale=C.UTF-8',
  '--auth=scram-sha-256',
  '--no-instructions',
]
