import { command } from '../command.ts'
import { flag } from '../options/option.ts'
import { json, output, progress } from '../options/shared.ts'

export const migrate = command({
  name: 'db migrate',
  arguments: [],
  summary: 'apply pending migrations to the database and the queue',
  options: {},
  examples: ['db migrate'],
  kinds: [],
  act: async (shell) => (await import('./db/db.ts')).migrateDatabase(shell),
})

export const databaseStatus = command({
  name: 'db status',
  arguments: [],
  summary: 'show the version, migrations and size of the database',
  options: { json },
  examples: ['db status'],
  kinds: ['DatabaseStatus'],
  act: async (...given) => (await import('./db/db.ts')).databaseStatus(...given),
})

export const databaseUrl = command({
  name: 'db url',
  arguments: [],
  summary:
    'print a read-only database address for psql, DuckDB or pandas. An embedded server runs only while something ' +
    'uses it; see --keep',
  options: { keep: flag('keep the embedded server running until Ctrl-C') },
  examples: ['db url --keep'],
  kinds: [],
  act: async (...given) => (await import('./db/db.ts')).databaseUrl(...given),
})

export const dump = command({
  name: 'db dump',
  arguments: [],
  summary: 'dump the whole database as SQL',
  options: { output },
  examples: ['db dump -o farm.sql'],
  kinds: [],
  act: async (...given) => (await import('./db/db.ts')).dump(...given),
})

export const importShards = command({
  name: 'db import',
  arguments: ['<file...>'],
  summary: 'import shards of a sweep (from `run --shard`). The sweep is complete once no trials are missing',
  options: { progress, json },
  examples: ['db import shard-1.driftfarm shard-2.driftfarm'],
  kinds: ['Imported'],
  act: async (...given) => (await import('./db/import.ts')).importFiles(...given),
})
