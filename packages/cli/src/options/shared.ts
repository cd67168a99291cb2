import { choice, flag, negated, repeated, text, valued, withDefault } from './option.ts'
import { address, cellIndex, setting, threadCount, webAddress, wholeNumber, wholeNumberOrNone } from './parse.ts'

export const json = flag('print one JSON document')
export const set = repeated('<path=value>', 'change a value of the spec (may be repeated)', setting)
export const trials = valued('<n>', 'trials per cell, instead of the number in the spec', wholeNumber)
export const threads = valued('<n>', 'number of compute threads (default: all cores)', threadCount)
export const connections = valued(
  '<n>',
  'number of database connections (default: 2, or 3 if the queue is on PostgreSQL)',
  wholeNumber,
)
export const shortThreads = valued(
  '<n>',
  "number of the farm's threads (default: 1) that are reserved for work of at most a minute, so that " +
    'a short sweep does not wait for long work',
  wholeNumberOrNone,
)
export const bundlesPerSecond = valued(
  '<n>',
  'maximum number of bundles that the whole farm stores per second (default: 250). It limits the load on the ' +
    'database. A bundle usually contains one second of work. If the farm has more threads than this maximum, ' +
    'each bundle contains more',
  wholeNumber,
)
export const batch = valued(
  '<n>',
  'trials per batch (default: one to two seconds of work). A batch is the unit of work of a thread. Meant for tests',
  wholeNumber,
)
export const bundle = valued(
  '<n>',
  'maximum number of batches dispatched together (default: enough short batches for about a second of work). ' +
    'Meant for tests',
  wholeNumber,
)
export const engine = withDefault(
  choice(
    '<name>',
    'engine that computes the trials. wasm: fast. reference: slow, gives bit-identical results, used to check wasm',
    ['wasm', 'reference'],
  ),
  'wasm',
)
export const format = choice('<format>', 'output format', ['table', 'json', 'jsonl', 'csv'])
export const formatOfRecords = choice('<format>', 'output format. parquet needs -o', [
  'table',
  'json',
  'jsonl',
  'csv',
  'parquet',
])
/** A file or a pipe always gets every row. */
export const all = flag('print a row for every cell (default: at most 200 rows in a terminal)')
export const output = { ...text('<file>', 'write to a file instead of standard output'), letter: 'o' }
/** The shell that a command gets already shows progress in this way. */
export const progress = choice(
  '<kind>',
  'progress display (default: auto). auto: a bar, only on a terminal. plain: a line every ten seconds',
  ['auto', 'plain', 'none'],
)
export const listen = valued('<host:port>', 'address at which the API listens (default: 127.0.0.1:8080)', address)
export const http = negated('do not serve the API')
export const publicUrl = valued(
  '<url>',
  'public address of a reverse proxy in front of the API. Every request then needs a token',
  webAddress,
)
export const log = choice(
  '<level>',
  'minimum level of the log entries written to standard error, as JSON (default: silent)',
  ['silent', 'error', 'warn', 'info', 'debug'],
)

export const answeredCell = valued(
  '<index>',
  'use only this cell (default: all cells, if the spec has at most 100)',
  cellIndex,
)
