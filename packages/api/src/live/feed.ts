import { randomBytes } from 'node:crypto'
import { Frame, keepAlive, type Watcher } from './watcher.ts'

/**
 * The pause between two reads of a state is `pauseFactor` times as long as the last read, but at least `everyMs` of the
 * feed. It is shorter if the next read would otherwise begin later than `periodMs` after the last one, so that a page
 * is updated once a second.
 */
const pauseFactor = 10
const periodMs = 900

/** Largest number and total size of the deltas that are stored for watchers that reconnect. */
const maxFrames = 200
const maxFrameBytes = 8 << 20

/** Interval in ms of keep-alive comments. A client reconnects if it receives nothing for more than two intervals. */
const keepAliveMs = 2_000

/** The retry time sent with the event `end`: so long that browsers do not reconnect after the end. */
const never = Number.MAX_SAFE_INTEGER

export interface StateRead {
  whole(): string
  /** JSON of the changes since the last read; null if there are none. */
  readonly change: string | null
  /** JSON of the last event, after the changes; null if the state may still change. */
  readonly ended: string | null
  /** False if the database did not answer. The state is then read again soon. */
  readonly answered: boolean
}

export interface StateReader {
  read(): Promise<StateRead>
}

/**
 * Sends updates of one state to all its watchers. The state is read, serialized and compressed once for all watchers,
 * and only while there are watchers.
 */
export class Feed {
  readonly #watchers = new Set<Watcher>()
  readonly #new = new Map<Watcher, string | null>()
  #frames: { readonly version: number; readonly frame: Frame }[] = []
  #epoch = ''
  #version = 0
  #isLooping = false
  #wake: () => void = () => undefined
  #closed = false

  constructor(
    private readonly make: () => StateReader,
    private readonly onIdle: () => void,
    private readonly everyMs: number,
  ) {}

  get watchers(): number {
    return this.#watchers.size + this.#new.size
  }

  /**
   * `seen` is the id of the last event that the watcher received before it reconnected; null for a first connection.
   */
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
    this.#endAll()
    this.#wake()
  }

  async #run(): Promise<void> {
    this.#isLooping = true
    const keepAliveTimer = setInterval(() => {
      for (const watcher of this.#all()) watcher.send(keepAlive)
    }, keepAliveMs)
    // A watcher may arrive just as the loop ends.
    do await this.#loop()
    while (!this.#closed && this.watchers > 0)
    clearInterval(keepAliveTimer)
    this.#isLooping = false
    this.onIdle()
  }

  async #loop(): Promise<void> {
    const reader = this.make()
    this.#epoch = randomBytes(6).toString('hex')
    this.#version = 0
    this.#frames = []
    while (!this.#closed && this.watchers > 0) {
      const began = performance.now()
      const fresh = this.#new.size > 0
      let state: StateRead
      try {
        state = await reader.read()
      } catch {
        // Disconnects the watchers. If a watcher reconnects, its new request fails with the error.
        return this.#endAll()
      }
      if (state.change !== null) this.#broadcast(new Frame('delta', this.#next(), state.change))
      if (fresh) this.#sendInitialState(state.whole)
      if (state.ended !== null) {
        this.#broadcast(new Frame('end', this.#next(), state.ended, never))
        for (const watcher of this.#watchers) watcher.end()
        this.#watchers.clear()
        if (this.#new.size === 0) return
        continue
      }
      const tookMs = performance.now() - began
      const pauseMs = Math.max(this.everyMs, Math.min(periodMs - tookMs, pauseFactor * tookMs))
      await this.#pause(state.answered ? pauseMs : this.everyMs)
    }
  }

  /** Sends each new watcher the events that it missed or, if these are not stored, the whole state. */
  #sendInitialState(whole: () => string): void {
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

  /** The frames after an event; null if they are no longer stored. */
  #since(seen: string | null): readonly Frame[] | null {
    const [epoch, number] = seen?.split('-') ?? []
    const version = Number(number)
    if (epoch !== this.#epoch || !Number.isInteger(version) || version > this.#version) return null
    const missed = this.#frames.filter((each) => each.version > version)
    return missed.length === this.#version - version ? missed.map(({ frame }) => frame) : null
  }

  #id(): string {
    return `${this.#epoch}-${this.#version}`
  }

  #next(): string {
    this.#version++
    return this.#id()
  }

  #broadcast(frame: Frame): void {
    for (const watcher of this.#watchers) watcher.send(frame)
    this.#frames.push({ version: this.#version, frame })
    let bytes = this.#frames.reduce((sum, { frame: { bytes } }) => sum + bytes.length, 0)
    while (this.#frames.length > maxFrames || (bytes > maxFrameBytes && this.#frames.length > 1))
      bytes -= this.#frames.shift()!.frame.bytes.length
  }

  #endAll(): void {
    for (const watcher of this.#all()) watcher.end()
    this.#watchers.clear()
    this.#new.clear()
  }

  #all(): readonly Watcher[] {
    return [...this.#watchers, ...this.#new.keys()]
  }

  /**
   * If a watcher is added or the last watcher is removed, the pause ends early. It still lasts at least a fifth of
   * `everyMs`.
   */
  async #pause(ms: number): Promise<void> {
    const soonest = performance.now() + this.everyMs / 5
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
