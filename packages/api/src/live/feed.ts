import { randomBytes } from 'node:crypto'
import { Frame, Pulse } from './frame.ts'
import type { Watcher } from './watcher.ts'

/** How often a state is looked at, at most; and how much longer than the last look took one waits, up to a limit. */
const everyMs = 500
const restOver = 20
const mostRestMs = 5_000

/** Deltas that are kept for those who come back. */
const mostKept = 200
const mostKeptBytes = 8 << 20

/** Something is sent at least this often, whatever the state of the farm, because clients give up a silent stream. */
const pulseMs = 2_000

/** Tells a browser not to connect again: the longest wait that it can be given. */
const never = Number.MAX_SAFE_INTEGER

/** What a feed says: the whole, what has changed since, and whether that was the end. */
export interface Told {
  /** JSON of everything, made when somebody needs it. */
  whole(): string
  /** JSON of what has changed since the last look; null where nothing has. */
  readonly change: string | null
  readonly ended: boolean
  /** Whether the database answered; if not, it is asked again soon. */
  readonly answered: boolean
}

/** Looks at a state again and again, as long as it is asked to. It keeps what it saw last to tell what has changed. */
export interface Looks {
  look(): Promise<Told>
}

/**
 * One state, told to all who watch it: looked at, put into words and compressed once for all of them, and not at all
 * while nobody watches.
 */
export class Feed {
  readonly #make: () => Looks
  readonly #onIdle: () => void
  readonly #watchers = new Set<Watcher>()
  readonly #new = new Map<Watcher, string | null>()
  #kept: { readonly version: number; readonly frame: Frame }[] = []
  #epoch = ''
  #version = 0
  #isLooping = false
  #wake: () => void = () => undefined
  #closed = false

  constructor(make: () => Looks, onIdle: () => void) {
    this.#make = make
    this.#onIdle = onIdle
  }

  get watchers(): number {
    return this.#watchers.size + this.#new.size
  }

  /** `seen`: the id of the last event that it has, if it has been here before. */
  add(watcher: Watcher, seen: string | null): void {
    if (this.#closed) {
      watcher.end()
      return
    }
    this.#new.set(watcher, seen)
    if (!this.#isLooping) void this.#run()
    this.#wake()
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    this.#new.delete(watcher)
    if (this.watchers === 0) this.#wake()
  }

  close(): void {
    this.#closed = true
    for (const watcher of [...this.#watchers, ...this.#new.keys()]) watcher.end()
    this.#watchers.clear()
    this.#new.clear()
    this.#wake()
  }

  /** Looks for as long as somebody watches, also those who come at the very moment at which a feed ends. */
  async #run(): Promise<void> {
    this.#isLooping = true
    const pulse = new Pulse()
    const beats = setInterval(() => {
      for (const watcher of [...this.#watchers, ...this.#new.keys()]) watcher.send(pulse)
    }, pulseMs)
    do await this.#loop()
    while (!this.#closed && this.watchers > 0)
    clearInterval(beats)
    this.#isLooping = false
    this.#onIdle()
  }

  async #loop(): Promise<void> {
    const looks = this.#make()
    this.#epoch = randomBytes(6).toString('hex')
    this.#version = 0
    this.#kept = []
    while (!this.#closed && this.watchers > 0) {
      const began = performance.now()
      const fresh = this.#new.size > 0
      let told: Told
      try {
        told = await looks.look()
      } catch (error) {
        // Those who watch come back, and learn then what is wrong.
        this.#drop(error)
        return
      }
      if (told.change !== null) this.#tell(new Frame('delta', this.#next(), told.change))
      if (fresh) this.#welcome(told.whole)
      if (told.ended) {
        this.#tell(new Frame('end', this.#next(), told.whole(), never))
        for (const watcher of this.#watchers) watcher.end()
        this.#watchers.clear()
        if (this.#new.size === 0) return
        continue
      }
      const restMs = Math.min(mostRestMs, Math.max(everyMs, restOver * (performance.now() - began)))
      await this.#rest(told.answered ? restMs : everyMs)
    }
  }

  /** Those who have just come get the whole, or what they have missed. */
  #welcome(whole: () => string): void {
    let frame: Frame | null = null
    for (const [watcher, seen] of this.#new) {
      const missed = this.#since(seen)
      if (missed === null) {
        frame ??= new Frame('snapshot', this.#id(), whole())
        watcher.send(frame)
      } else for (const each of missed) watcher.send(each)
      this.#watchers.add(watcher)
    }
    this.#new.clear()
  }

  /** What was said after an event; null where that is not known any more. */
  #since(seen: string | null): readonly Frame[] | null {
    const [epoch, number] = seen?.split('-') ?? []
    const version = Number(number)
    if (epoch !== this.#epoch || !Number.isInteger(version) || version > this.#version) return null
    const missed = this.#kept.filter((each) => each.version > version)
    return missed.length === this.#version - version ? missed.map(({ frame }) => frame) : null
  }

  #id(): string {
    return `${this.#epoch}-${this.#version}`
  }

  #next(): string {
    this.#version++
    return this.#id()
  }

  #tell(frame: Frame): void {
    for (const watcher of this.#watchers) watcher.send(frame)
    this.#kept.push({ version: this.#version, frame })
    let bytes = this.#kept.reduce((sum, { frame: { bytes } }) => sum + bytes.length, 0)
    while (this.#kept.length > mostKept || (bytes > mostKeptBytes && this.#kept.length > 1))
      bytes -= this.#kept.shift()!.frame.bytes.length
  }

  #drop(_: unknown): void {
    for (const watcher of [...this.#watchers, ...this.#new.keys()]) watcher.end()
    this.#watchers.clear()
    this.#new.clear()
  }

  /** Waits; somebody who comes or the last one who goes ends it, but looks do not follow one another at once. */
  async #rest(ms: number): Promise<void> {
    const soonest = performance.now() + everyMs / 5
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        setTimeout(resolve, Math.max(0, soonest - performance.now()))
      }
    })
    this.#wake = () => undefined
  }
}
