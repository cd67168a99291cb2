import { choice, flag, negated, repeated, text, valued, withDefault } from './option.ts'
import { address, cellIndex, setting, threadCount, webAddress, wholeNumber, wholeNumberOrNone } from './parse.ts'

// Options of several commands.

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
  'number of farm threads reserved for work of at most a minute, so that a short sweep need not wait for long work ' +
    '(default: 1)',
  wholeNumberOrNone,
)
export const bundlesPerSecond = valued(
  '<n>',
  'maximum number of bundles that the whole farm stores per second (default: 250). It limits the load of the ' +
    'database: with more threads than this, each bundle takes longer than a second',
  wholeNumber,
)
export const batch = valued(
  '<n>',
  'trials per batch, the unit of work of a thread. For tests (default: one to two seconds of work)',
  wholeNumber,
)
export const bundle = valued(
  '<n>',
  'maximum number of batches dispatched together. For tests (default: short batches up to a second of work)',
  wholeNumber,
)
export const engine = withDefault(
  choice(
    '<name>',
    'engine that computes the trials. wasm is fast; reference is slow and gives the same bits, to check wasm',
    ['wasm', 'reference'],
  ),
  'wasm',
)
export const format = choice('<format>', 'output format', ['table', 'json', 'jsonl', 'csv'])
export const formatOfRecords = choice('<format>', 'output format; parquet needs -o', [
  'table',
  'json',
  'jsonl',
  'csv',
  'parquet',
])
/** For a table in a terminal. A file or a pipe always gets every row. */
export const all = flag('print a row for every cell, even in a terminal')
export const output = { ...text('<file>', 'write to a file instead of standard output'), letter: 'o' }
export const progress = choice(
  '<kind>',
  'progress display: auto is a bar, only on a terminal; plain is a line every ten seconds (default: auto)',
  ['auto', 'plain', 'none'],
)
/** Where the API is served, and what it logs. */
export const listen = valued('<host:port>', 'address at which the API listens (default: 127.0.0.1:8080)', address)
export const http = negated('do not serve the API')
export const publicUrl = valued(
  '<url>',
  'public address of a reverse proxy in front of the API; every request then needs a token',
  webAddress,
)
export const log = choice(
  '<level>',
  'log requests on standard error as JSON, at this level and above (default: silent)',
  ['silent', 'error', 'warn', 'info', 'debug'],
)

/** For commands that take long for each cell. */
export const answeredCell = valued('<index>', 'only this cell (default: all, at most 100)', cellIndex)
