import { InvalidArgumentError } from 'commander'
import { type Option, valued } from './option.ts'

// Kinds of options by their values. Each function takes the help of an option. The option throws an
// InvalidArgumentError if a value is not valid.

/** `read` returns undefined for a value that is not one of `words`. */
const kindOf =
  <T>(value: string, words: string, read: (text: string) => T | undefined) =>
  (help: string): Option<T | undefined> =>
    valued(value, help, (text) => {
      const found = read(text)
      if (found === undefined) throw new InvalidArgumentError(`'${text}' is not ${words}.`)
      return found
    })

const wholeNumbers = 'a whole number from 1 to 9007199254740991'

/** A positive integer, which may also be written like 1e6. */
export const wholeNumber = kindOf('<n>', wholeNumbers, readWholeNumber)

function readWholeNumber(text: string): number | undefined {
  const value = Number(text)
  return /^\d+(\.\d+)?(e\+?\d+)?$/i.test(text) && Number.isSafeInteger(value) && value >= 1 ? value : undefined
}

export const wholeNumberOrNone = kindOf('<n>', wholeNumbers, (text) => (text === '0' ? 0 : readWholeNumber(text)))

/** More threads than this are probably a mistake: each needs memory for its own instances of the compiled kernel. */
const maxThreads = 1024

export const threadCount = kindOf('<n>', wholeNumbers, (text) => {
  const threads = readWholeNumber(text)
  if (threads !== undefined && threads > maxThreads)
    throw new InvalidArgumentError(`'${text}' is more than ${maxThreads} threads.`)
  return threads
})

export const cellIndex = kindOf('<index>', 'a cell index such as 0', (text) =>
  /^\d{1,7}$/.test(text) ? Number(text) : undefined,
)

const numberThat = (fits: (value: number) => boolean, words: string) => (value: string, help: string) =>
  kindOf(value, words, (text) => (fits(Number(text)) && text.trim() !== '' ? Number(text) : undefined))(help)

export const finite = numberThat(Number.isFinite, 'a number')
export const positive = numberThat((value) => value > 0 && Number.isFinite(value), 'a positive number')
export const share = numberThat((value) => value > 0 && value < 1, 'a number between 0 and 1')
export const probability = numberThat((value) => value >= 0 && value <= 1, 'a number from 0 to 1')

export function setting(text: string): readonly [path: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError(`'${text}' is not of the form path=value, e.g. --set update.eta=0.05`)
  return [text.slice(0, at), text.slice(at + 1)]
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
/** The longest time that a timer of Node can wait: 2^31 - 1 ms. */
const maxWaitMs = 2_147_483_647
const maxLifetimeMs = 36_525 * 86_400_000

const durations = 'a duration such as 500ms, 90s, 10m or 2h'

/** A duration to wait, such as 500ms, 90s, 10m, 2h or 1d, in milliseconds. Without a unit it is in seconds. */
export const duration = kindOf('<duration>', durations, readDuration)

/** A duration during which something is valid, in milliseconds. It may be longer than a timer can wait. */
export const lifetime = kindOf('<duration>', durations, (text) => readDuration(text, maxLifetimeMs, '100 years'))

function readDuration(text: string, max = maxWaitMs, maxText = '24 days'): number | undefined {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const ms = Number(digits) * unitMs[unit]!
  if (ms > max) throw new InvalidArgumentError(`'${text}' is longer than ${maxText}.`)
  return ms
}

export const durationOrAuto = kindOf('<duration>', durations, (text) => (text === 'auto' ? text : readDuration(text)))

/** Letters of axes, with or without commas, such as x,y or xy. */
export const axisLetters = kindOf('<axes>', 'a list of the axes x, y and z, such as x,y', (text) =>
  /^,*[xyz][xyz,]*$/.test(text) ? ([...text.replaceAll(',', '')] as ('x' | 'y' | 'z')[]) : undefined,
)

export const trialList = kindOf('<list>', 'a list of at most 50 trials, such as 0,1,7', (text) => {
  const trials = text.split(',').map((each) => each.trim())
  return trials.length <= 50 && trials.every((each) => /^\d{1,15}$/.test(each)) ? trials.map(Number) : undefined
})

export const pixels = (least: number) =>
  kindOf('<pixels>', `a number of pixels from ${least} to 4000`, (text) => {
    const value = Number(text)
    return /^\d{1,4}$/.test(text) && value >= least && value <= 4000 ? value : undefined
  })

/** Where a server listens: `127.0.0.1:8080`, `[::1]:8080`, or only a port. */
export const address = kindOf('<host:port>', 'HOST:PORT, e.g. 127.0.0.1:8080', (text) => {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):)?(\d{1,5})$/i.exec(text) ?? []
  const port = Number(digits)
  return digits === '' || port > 65_535 ? undefined : { host: host.replace(/^\[|\]$/g, ''), port }
})

export const webAddress = kindOf('<url>', 'an http or https address such as https://farm.example.org/', (text) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? new URL(text) : undefined,
)

/** The maximum number of shards, which is more than any cluster allows in a job array. */
const maxShards = 100_000

/** The index of a shard, from 1, and the total number of shards, such as 7/100. */
export const shardPlace = kindOf('<k/n>', `K/N with 1 <= K <= N <= ${maxShards}, e.g. 7/100`, (text) => {
  const [, index = 0, of = 0] = (/^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? []).map(Number)
  return of < 1 || of > maxShards || index < 1 || index > of ? undefined : { index, of }
})
