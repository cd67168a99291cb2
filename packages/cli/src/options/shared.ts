import { choice, flag, negated, repeated, text, withDefault } from './option.ts'
import { address, cellIndex, setting, threadCount, webAddress, wholeNumber, wholeNumberOrNone } from './parse.ts'

export const json = flag('print one JSON document')
export const set = repeated('<path=value>', 'change a value of the spec (may be repeated)', setting)
export const trials = wholeNumber('trials per cell, instead of the number in the spec')
export const threads = threadCount('number of compute threads (default: all cores)')
export const connections = wholeNumber(
  'number of database connections (default: 2, or 3 if the queue is on PostgreSQL)',
)
export const shortThreads = wholeNumberOrNone(
  "number of the farm's threads (default: 1) that are reserved for work of at most a minute, so that " +
    'a short sweep does not wait for long work',
)
export const bundlesPerSecond = wholeNumber(
  'maximum number of bundles that the whole farm stores per second (default: 150). It limits the load on the ' +
    'database. A bundle usually contains 0.5 s of work. If the farm has more threads than half of this maximum, ' +
    'each bundle contains more',
)
export const batch = wholeNumber(
  'trials per batch (default: 0.5 s of work). A batch is the unit of work of a thread. Meant for tests',
)
export const bundle = wholeNumber(
  'maximum number of batches dispatched together (default: enough short batches for 0.5 s of work). ' +
    'Meant for tests',
)
export const nativeModes = ['auto', 'off', 'require'] as const
export const engine = withDefault(
  choice(
    '<name>',
    'engine that computes the trials. wasm: fast. reference: slow, gives bit-identical results, used to check wasm',
    ['wasm', 'reference'],
  ),
  'wasm',
)
export const native = choice(
  '<when>',
  'whether a C compiler may make the step loop faster, with the same bits (default: DRIFTFARM_NATIVE; without it, ' +
    'auto for run, off for up and worker). auto: for cells that run for seconds, if it is faster. require: fail ' +
    'where it is not possible',
  nativeModes,
)
const formats = ['table', 'json', 'jsonl', 'csv'] as const
export const format = choice('<format>', 'output format', formats)
export const formatOfRecords = choice('<format>', 'output format. parquet needs -o', [...formats, 'parquet'])
export const method = choice('<method>', 'fit only cells of this method (default: direct, if any cell uses it)', [
  'direct',
  'splitting',
  'tilt',
])
/** A file or a pipe always gets every row. */
export const all = flag('print a row for every cell (default: at most 200 rows in a terminal)')
export const output = { ...text('<file>', 'write to a file instead of standard output'), letter: 'o' }
/** The shell that a command gets already shows progress in this way. */
export const progress = choice(
  '<kind>',
  'progress display (default: auto). auto: a bar on a terminal, otherwise a line every 20 seconds. plain: a line ' +
    'every 10 seconds',
  ['auto', 'plain', 'none'],
)
export const listen = address('address at which the API listens (default: 127.0.0.1:8080)')
export const http = negated('do not serve the API')
export const publicUrl = webAddress(
  'public address of a reverse proxy in front of the API. Every request then needs a token',
)
export const docsUrl = webAddress('address of the documentation, to which the page then links')
export const log = choice(
  '<level>',
  'minimum level of the log entries written to standard error, as JSON (default: silent)',
  ['silent', 'error', 'warn', 'info', 'debug'],
)

export const answeredCell = cellIndex('use only this cell (default: all cells, if the spec has at most 100)')
