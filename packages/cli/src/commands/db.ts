import { command } from '../command.ts'
import { flag } from '../options/option.ts'
import { json, output, progress } from '../options/shared.ts'

/** The commands of the group `db`. */
export const migrate = command({
  name: 'db migrate',
  arguments: [],
  summary: 'bring the tables of database and queue up to date',
  options: {},
  examples: ['db migrate'],
  kinds: [],
  act: async (shell) => (await import('./db/db.ts')).migrateDatabase(shell),
})

export const databaseStatus = command({
  name: 'db status',
  arguments: [],
  summary: 'version, migrations, size',
  options: { json },
  examples: ['db status'],
  kinds: ['DatabaseStatus'],
  act: async (...given) => (await import('./db/db.ts')).databaseStatus(...given),
})

export const databaseUrl = command({
  name: 'db url',
  arguments: [],
  summary:
    'the address for psql, DuckDB and pandas; it may only read. An embedded server runs only while something uses ' +
    'it: see --keep',
  options: { keep: flag('keep the embedded server up until Ctrl-C') },
  examples: ['db url --keep'],
  kinds: [],
  act: async (...given) => (await import('./db/db.ts')).databaseUrl(...given),
})

export const dump = command({
  name: 'db dump',
  arguments: [],
  summary: 'the whole database as SQL',
  options: { output },
  examples: ['db dump -o farm.sql'],
  kinds: [],
  act: async (...given) => (await import('./db/db.ts')).dump(...given),
})

export const importShards = command({
  name: 'db import',
  arguments: ['<file...>'],
  summary: 'store what shards of a sweep have computed (`run --shard`); where nothing is missing, it is complete',
  options: { progress, json },
  examples: ['db import shard-1.driftfarm shard-2.driftfarm'],
  kinds: ['Imported'],
  act: async (...given) => (await import('./db/import.ts')).importFiles(...given),
})
