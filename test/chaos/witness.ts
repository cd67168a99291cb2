import { setTimeout as delay } from 'node:timers/promises'
import { startApi } from '@driftfarm/api'
import { openSession } from '@driftfarm/farm'
import { type Browser, openBrowser } from '@driftfarm/testing/browser'
import { start } from '@driftfarm/testing/command'
import { Member } from './processes.ts'

/** The sources of messages about a farm. */
export const speakers = ['farm', 'watch', 'run', 'watch over HTTP', 'run over HTTP', 'page'] as const
export type Speaker = (typeof speakers)[number]

/** The possible messages about a farm, recognised by their beginning. The first match counts. */
const sentences = {
  http: /^(no data from|no farm answers at|no connection since) /,
  // A queue on PostgreSQL fails together with the database.
  ownQueue: /^the queue on PostgreSQL has not answered the (coordinators|workers) for /,
  queue: /^the queue( at \S+)? has not answered the (coordinators|workers) for /,
  memory: /^[a-z ]+ the queue( at \S+)?: Redis has no memory left/,
  database: /^the database has not answered for |^error: |: trying again$/,
  restarted: /^the database has just started: no (coordinator|worker) has reported yet$/,
  disk: /^(warning: )?the database has no room left on its disk/,
  coordinator:
    /^(no coordinator (has reported for|is running)|the leading coordinator has not reported|a coordinator takes over)/,
  worker: /^(no worker (has reported for|is running)|all workers are about to end)/,
  elsewhere: /^workers listen to another queue/,
  versions: /^versions differ/,
  over: /^(the (queue|database|farm) answers again|a (coordinator|worker) is running now|there is free space again)$/,
} as const
export type Sentence = keyof typeof sentences

/** The sentences that are correct while a part of the farm is away. */
export const saidOf = {
  queue: ['queue'],
  memory: ['memory'],
  // No process can report in the meantime.
  database: ['database', 'ownQueue', 'restarted', 'coordinator', 'worker'],
  disk: ['disk', 'database', 'restarted', 'coordinator', 'worker'],
  coordinator: ['coordinator'],
  worker: ['worker'],
  http: ['http'],
} as const satisfies Readonly<Record<string, readonly Sentence[]>>
export type Part = keyof typeof saidOf

/** The messages of which one must appear after a fault, its sources, and a time limit. */
export interface Promised {
  readonly one: readonly Sentence[]
  readonly by: readonly Speaker[]
  readonly withinS: number
}

export interface Saying {
  readonly by: Speaker
  readonly atMs: number
  readonly words: string
}

/** The unconditional advice to run a command. */
const advice = /: start `driftfarm (coordinator|worker|up)`/

/** Why a message must not appear while these parts are down; null if it may. */
function objection(words: string, away: readonly Part[], advised: boolean): string | null {
  const found = (Object.keys(sentences) as Sentence[]).find((name) => sentences[name].test(words))
  if (found === undefined) return `unknown message: ${words}`
  const allowed: readonly Sentence[] = ['over', ...away.flatMap((part) => saidOf[part])]
  if (!allowed.includes(found)) return `a wrong cause (down: ${away.join(', ') || 'nothing'}): ${words}`
  return advice.test(words) && !advised ? `advice that does not help: ${words}` : null
}

/** Lines that are not about the farm: progress of a sweep, and what `run` prints before and after. */
const harmless =
  /^(of \d+ sweeps named |\w+ [\d.]+[kMG]? \/ [\d.]+[kMG]? trials$|data: |reused|checking |note: |doubtful: | {2})/

const farmEveryMs = 4_000
const pageEveryMs = 250
/** A single command must answer within this time, with data or an error. */
const answerMs = 20_000
/** Time limit for clients to end after the end of their sweep. */
export const endMs = 10_000
/** What `run` prints before it has submitted its sweep. */
const beforehand = /^(data: |checking )/
type End = Promise<NonNullable<Member['ended']>>

let browser: Promise<Browser> | null = null
export const closeBrowser = async (): Promise<void> => (await browser)?.close()

export interface Seat {
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly clients: boolean
  /** The API for clients over HTTP; by default the witness starts its own. */
  readonly http?: { readonly url: string; readonly token: string } | undefined
}

/** Records all messages about a farm, from commands of the product as processes and from the page in a browser. */
export class Witness {
  readonly sayings: Saying[] = []
  /** Sentences about clients that did not end properly with their sweep. */
  readonly broken: string[] = []
  /** Seconds from the end of a sweep to the end of each client. */
  readonly endS: number[] = []
  readonly #seat: Seat
  readonly #url: string
  readonly #closing: (() => Promise<unknown>)[]
  readonly #last = new Map<Speaker, string>()
  #clients: { readonly id: string; readonly members: readonly Member[]; readonly ends: readonly End[] } | null = null
  #isClosed = false

  private constructor(seat: Seat, url: string, closing: (() => Promise<unknown>)[]) {
    this.#seat = seat
    this.#url = url
    this.#closing = closing
  }

  static async open(seat: Seat): Promise<Witness> {
    const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, DRIFTFARM_HOME: home = '' } = seat.env
    const closing: (() => Promise<unknown>)[] = []
    let url = seat.http?.url
    if (url === undefined) {
      const session = await openSession({ home, databaseUrl, redisUrl })
      const api = await startApi({ session, host: '127.0.0.1', port: 0, next: false, version: 'chaos' })
      closing.push(() => api.close().finally(() => session.close()))
      url = api.url
    }
    const witness = new Witness(seat, url.replace(/\/$/, ''), closing)
    void witness.#asking()
    await witness.#looking()
    return witness
  }

  hear(by: Speaker, words: string): void {
    // Only the age has changed, so this is not a new message.
    if (words === '' || harmless.test(words) || gist(words) === this.#last.get(by)) return
    this.#last.set(by, gist(words))
    this.sayings.push({ by, atMs: Date.now(), words })
  }

  /** Starts clients of each kind that wait for a sweep, unless they already wait for another one. */
  async follow(id: string, file: string): Promise<void> {
    const { env, program, http, clients: isWanted } = this.#seat
    if (this.#clients !== null || !isWanted) return
    const home = { DRIFTFARM_HOME: env.DRIFTFARM_HOME! }
    const there = { ...home, DRIFTFARM_URL: this.#url, ...(http === undefined ? {} : { DRIFTFARM_TOKEN: http.token }) }
    const clients = [
      ['watch', ['watch', id], env],
      ['run', ['run', file], env],
      ['watch over HTTP', ['watch', id], there],
      ['run over HTTP', ['run', file], there],
    ] as const
    const members = clients.map(([by, arguments_, env]) => {
      const member = new Member(by, { file: program, arguments_, env })
      member.onWords = (line) => this.hear(by, line)
      return member
    })
    this.#clients = { id, members, ends: members.map((member) => this.#through(member)) }
  }

  /** A command that begins while a server is away ends at once with 7, as documented; its user runs it again. */
  async #through(member: Member): End {
    for (;;) {
      const before = member.words.length
      await member.start({ untilReady: false })
      const ended = await member.gone(Number.POSITIVE_INFINITY)
      // Its last words arrive after its end.
      await delay(200)
      const lines = member.words.slice(before).split('\n')
      const isBegun = !lines.find((line) => !beforehand.test(line))?.startsWith('error: ')
      if (ended.code !== 7 || isBegun || this.#isClosed) return ended
    }
  }

  /** Waits for the clients of a sweep that has just ended. */
  async ends(id: string): Promise<void> {
    if (this.#clients?.id !== id) return
    const { members, ends } = this.#clients
    const began = Date.now()
    await Promise.all(
      members.map(async (member, at) => {
        const ended = await Promise.race([ends[at]!, delay(60_000, null)])
        const s = (Date.now() - began) / 1_000
        this.endS.push(s)
        if (ended?.code !== 0)
          this.broken.push(`${member.name} ended with ${ended?.code ?? 'nothing for a minute'}: ${member.tail}`)
        else if (s > endMs / 1_000) this.broken.push(`${member.name} ended ${s.toFixed(1)} s after its sweep`)
        await member.kill()
      }),
    )
    for (const by of speakers) if (by !== 'farm' && by !== 'page') this.#last.delete(by)
    this.#clients = null
  }

  /** Runs `driftfarm farm` repeatedly. */
  async #asking(): Promise<void> {
    while (!this.#isClosed) {
      const { child, finished } = start(['farm', '--json'], {
        home: this.#seat.env.DRIFTFARM_HOME!,
        env: this.#seat.env,
      })
      const late = setTimeout(() => child.kill('SIGKILL'), answerMs)
      const { code, signal, stdout, stderr } = await finished
      clearTimeout(late)
      if (this.#isClosed) return
      if (signal !== null || !(code === 0 ? stdout : stderr).startsWith('{'))
        this.broken.push(`\`driftfarm farm\` did not finish within ${answerMs / 1_000} s: ${stderr.slice(-200)}`)
      else if (code === 0) {
        const { data } = JSON.parse(stdout) as { data: { farm: { words: string } | null } }
        this.#now('farm', data.farm?.words ?? '')
      } else {
        const { error } = JSON.parse(stderr) as { error: { message: string; retryable: boolean } }
        if (code !== 7 || !error.retryable) this.broken.push(`\`driftfarm farm\` ended with ${code}: ${error.message}`)
        this.#now('farm', `error: ${error.message}`)
      }
      await delay(farmEveryMs)
    }
  }

  /** Records the present message of a source; an empty text if there is none. */
  #now(by: Speaker, words: string): void {
    if (words === '') this.#last.delete(by)
    else this.hear(by, words)
  }

  async #looking(): Promise<void> {
    browser ??= openBrowser()
    const context = await (await browser).newContext()
    this.#closing.push(() => context.close())
    const page = await context.newPage()
    const { http } = this.#seat
    await page.goto(`${this.#url}/`)
    if (http !== undefined) {
      await page.getByLabel('Token').fill(http.token)
      await page.keyboard.press('Enter')
    }
    await page.getByRole('heading', { name: 'Sweeps' }).waitFor()
    const look = async (): Promise<void> => {
      while (!this.#isClosed) {
        const texts = await page
          .locator('p.notice, .live-lost [role=status]')
          .allInnerTexts()
          .catch(() => [])
        // The page may show two messages: the state of the farm, and the loss of the connection.
        this.#now('page', texts.at(-1)?.trim() ?? '')
        await delay(pageEveryMs)
      }
    }
    void look()
  }

  /** The speakers that did not say a promised sentence in time. */
  #mute({ one, by, withinS }: Promised, marks: readonly { readonly atMs: number }[]): string[] {
    const has = (speaker: Speaker): boolean =>
      this.sayings.some(
        (saying) =>
          saying.by === speaker &&
          one.some((sentence) => sentences[sentence].test(saying.words)) &&
          marks.some(({ atMs }) => saying.atMs >= atMs && saying.atMs - atMs <= 1_000 * withinS),
      )
    return by
      .filter((speaker) => !has(speaker))
      .map((speaker) => `${speaker} did not report the ${one.join(' or ')} within ${withinS} s`)
  }

  /** Everything wrong with what was said, with what was not said, and with the clients. */
  wrong(
    {
      away,
      advised = false,
      says,
    }: { readonly away: readonly Part[]; readonly advised?: boolean; readonly says?: Promised },
    marks: readonly { readonly atMs: number }[],
  ): string[] {
    const objections = this.sayings.flatMap(({ by, words }) => {
      const found = objection(words, away, advised)
      return found === null ? [] : [`${by}: ${found}`]
    })
    return [...objections, ...(says === undefined ? [] : this.#mute(says, marks)), ...this.broken]
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const member of this.#clients?.members ?? []) await member.kill()
    for (const close of this.#closing.reverse()) await close().catch(() => undefined)
  }
}

/** A message with its sources, and the shortest and longest time since the last fault before it. */
export interface Told {
  readonly words: string
  readonly by: Readonly<Partial<Record<Speaker, Times>>>
}

/** A message without the parts that vary. */
const gist = (words: string): string =>
  words
    .replace(/[\d.]+ (s|min|h)\b|\ba second\b/g, 'N s')
    .replace(/(\w+:\/\/)[^\s/]*[^\s/:]/g, '$1HOST:PORT')
    .replace(/\d{1,3}(\.\d{1,3}){3}:\d+/g, 'HOST:PORT')
    .replace(/since [\d:]+( [AP]M)?/, 'since TIME')

type Times = { readonly times: number; readonly s: readonly [number, number] | null }

/** Summarises the messages after faults, without those about recovery. */
export function toldBy(
  witnesses: readonly { readonly witness: Witness; readonly marks: readonly { readonly atMs: number }[] }[],
): Told[] {
  const found = new Map<string, Partial<Record<Speaker, Times>>>()
  for (const { witness, marks } of witnesses)
    for (const { by, atMs, words } of witness.sayings) {
      if (sentences.over.test(words)) continue
      const of = found.get(gist(words)) ?? {}
      found.set(gist(words), of)
      const mark = marks.findLast((each) => each.atMs <= atMs)
      const { times, s } = of[by] ?? { times: 0, s: null }
      const afterS = mark === undefined ? null : (atMs - mark.atMs) / 1_000
      const [low, high] = s ?? [afterS ?? 0, afterS ?? 0]
      of[by] = { times: times + 1, s: afterS === null ? s : [Math.min(low, afterS), Math.max(high, afterS)] }
    }
  return [...found].map(([words, by]) => ({ words, by }))
}

/** The sources of a message, with the seconds since the fault. */
export const toldText = (by: Told['by']): string =>
  speakers
    .flatMap((speaker) => {
      const s = by[speaker]?.s
      if (by[speaker] === undefined) return []
      if (!s) return [speaker]
      const [low, high] = s.map((each) => each.toFixed(1))
      return [`${speaker} ${low === high ? low : `${low} to ${high}`} s`]
    })
    .join(', ')
