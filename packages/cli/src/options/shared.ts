import { choice, flag, negated, repeated, text, valued, withDefault } from './option.ts'
import { address, cellIndex, setting, threadCount, webAddress, wholeNumber, wholeNumberOrNone } from './parse.ts'

// Options of several commands.

export const json = flag('print one JSON document')
export const set = repeated('<path=value>', 'change a value of the spec (may be repeated)', setting)
export const trials = valued('<n>', 'trials a cell, instead of the spec’s', wholeNumber)
export const threads = valued('<n>', 'threads that compute (default: all cores)', threadCount)
export const connections = valued(
  '<n>',
  'connections to the database (default: 2, or 3 where the queue is on PostgreSQL)',
  wholeNumber,
)
export const shortThreads = valued(
  '<n>',
  'threads of the farm that get no work of more than a minute, so that a short sweep need not wait for long work ' +
    'to end (default: 1)',
  wholeNumberOrNone,
)
export const bundlesPerSecond = valued(
  '<n>',
  'how many bundles of work the whole farm stores in a second at most, to spare the database; with more threads than ' +
    'that, bundles take longer than a second each (default: 250)',
  wholeNumber,
)
export const batch = valued(
  '<n>',
  'trials a batch, which one thread computes at once (default: what takes one to two seconds); for tests',
  wholeNumber,
)
export const bundle = valued(
  '<n>',
  'batches that are handed out together, at most (default: short ones until they take a second); for tests',
  wholeNumber,
)
export const engine = withDefault(
  choice('<name>', 'what computes the trials, with the same bits: wasm is fast, reference checks it', [
    'wasm',
    'reference',
  ]),
  'wasm',
)
export const format = choice('<format>', 'how to print', ['table', 'json', 'jsonl', 'csv'])
export const formatOfRecords = choice('<format>', 'how to print; parquet needs -o', [
  'table',
  'json',
  'jsonl',
  'csv',
  'parquet',
])
/** Of a table in a terminal; what goes to a file or a pipe is whole. */
export const all = flag('print a line for every cell, also in a terminal')
export const output = { ...text('<file>', 'write to a file instead of standard output'), letter: 'o' }
export const progress = choice(
  '<kind>',
  'how to show that it goes on: auto: a bar, on a terminal only; plain: a line every ten seconds (default: auto)',
  ['auto', 'plain', 'none'],
)
/** Where the API is served, and how much of it is told. */
export const listen = valued('<host:port>', 'where the API is served (default: 127.0.0.1:8080)', address)
export const http = negated('serve no API')
export const publicUrl = valued('<url>', 'the address of a proxy in front: then everybody needs a token', webAddress)
export const log = choice('<level>', 'what is told of requests on standard error, as JSON (default: silent)', [
  'silent',
  'error',
  'warn',
  'info',
  'debug',
])

/** For commands whose answer for each cell is costly. */
export const answeredCell = valued('<index>', 'only this cell (default: all, at most 100)', cellIndex)
