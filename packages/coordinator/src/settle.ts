import { covers, type LedgerBatch, type OpenDemand, type Settlement } from '@driftfarm/database'
import {
  addDigests,
  addTallies,
  type Digest,
  formatDigest,
  parseDigest,
  type Tally,
  zeroTally,
} from '@driftfarm/kernel'
import { talliedHorizons } from '@driftfarm/spec'
import {
  checkPoints,
  countOf,
  decide,
  estimatesOf,
  requestedPart,
  type Stopped,
  sampleSizeChoiceOf,
  suffices,
  type TallyJson,
  tallyFromJson,
  tallyToJson,
} from '@driftfarm/statistics'

/**
 * The prefix of a request is its merged trials, from trial 0 without gaps. Stopping rules are tested only at check
 * points, but a rule on events is met at the k-th event, which may come earlier. If so, the prefix is merged a second
 * time, from trial 0, and ends exactly at the k-th event. This is the state during the second merge.
 */
type Seeking = Stopped & { readonly seeking: true }

/**
 * Merges finished batches into the prefix of a request, checks the stopping rules at each check point, and ends the
 * request. Returns null if nothing changes. The function is pure and never merges beyond the target, so rules are
 * checked on contiguous prefixes at fixed points. The result is therefore the same for any batch size and any order of
 * completion.
 */
export function settleDemand(
  demand: OpenDemand,
  ahead: readonly LedgerBatch[],
  { estimate }: { readonly estimate: boolean },
): Settlement | null {
  const prefix = new Prefix(demand)
  const again = prefix.merge(ahead)
  const settlement = prefix.settlement(again, estimate)
  return prefix.changed || prefix.lacksEstimates || again.length > 0 ? settlement : null
}

class Prefix {
  #state: Settlement['state'] = 'open'
  readonly #now: Record<'target' | 'trials' | 'batches' | 'cpuSeconds', number>
  #tally: Tally
  #digest: Digest
  #stopped: Seeking | Stopped | null
  /**
   * If the prefix is a single batch, this is the stored tally of that batch, which needs no conversion. Otherwise null.
   */
  #stored: TallyJson | null = null
  changed = false

  constructor(private readonly request: OpenDemand) {
    const { target, trials, batches, cpuSeconds, tally, digest, layout, stopped } = request
    this.#now = { target, trials, batches, cpuSeconds }
    this.#tally = tally === null ? zeroTally(layout, talliedHorizons(request.demand)) : tallyFromJson(tally, layout)
    this.#digest = digest === null ? 0n : (parseDigest(digest) ?? 0n)
    this.#stopped = stopped as Seeking | Stopped | null
  }

  /** Merges batches into the prefix. Returns the batches that must be recomputed before the prefix can grow. */
  merge(ahead: readonly LedgerBatch[]): Settlement['again'] {
    let place = 0
    for (;;) {
      if (this.#now.trials === this.#now.target && !this.#continuesAtTarget()) return []
      const batch = ahead[place]
      // If a second merge has just begun, the prefix is empty again and needs the batches from trial 0. This function
      // gets them in the next scheduling pass.
      if (batch === undefined || batch.first !== this.#now.trials) return []
      if (batch.digest === null || batch.tally === null) {
        this.#giveUpAt(batch)
        return []
      }
      if (!this.#meetsRequest(batch)) {
        this.#giveUpAt(batch)
        return this.#batchesToRecompute(ahead.slice(place))
      }
      const tally = requestedPart(tallyFromJson(batch.tally, this.request.layout), this.request.demand)
      const cut = this.#cutFor(batch, tally)
      if (cut === 'end here') this.#now.target = batch.first + batch.count
      else if (cut !== null) {
        this.#giveUpAt(batch)
        const waits = batch.state !== 'done'
        return waits ? [] : [{ first: batch.first, count: batch.count, cut }]
      }
      this.#add(batch, tally)
      place++
    }
  }

  /** Whether the prefix has trials but no estimates yet, as after an extension. */
  get lacksEstimates(): boolean {
    return this.#now.trials > 0 && this.request.estimates === null
  }

  settlement(again: Settlement['again'], estimate: boolean): Settlement {
    const { demand, layout, estimates } = this.request
    const ended = this.#state === 'done'
    const due = ended || this.lacksEstimates || (this.#now.trials !== this.request.trials && estimate)
    const choice = sampleSizeChoiceOf(this.request, ended ? this.#stopped : null)
    return {
      ...this.#now,
      state: this.#state,
      tally: this.#now.trials === 0 ? null : (this.#stored ?? tallyToJson(this.#tally)),
      digest: this.#now.trials === 0 ? null : formatDigest(this.#digest),
      estimates: due ? estimatesOf(this.#tally, layout, demand, choice) : this.#now.trials === 0 ? null : estimates,
      stopped: this.#stopped,
      again,
    }
  }

  /** Whether the prefix may grow now, because its target was raised to the next check point. */
  #continuesAtTarget(): boolean {
    const { demand, layout, cells, trial, extended } = this.request
    this.changed = true
    if (demand.until === null) return this.#end({ rule: 'trials' })
    if (this.#stopped !== null) return this.#end(this.#stopped)
    const checkPoint = { cells: demand.simultaneous ? cells : null, trial, extended }
    const decision = decide(demand.until, this.#tally, layout, checkPoint)
    if (decision === null) {
      // Cells that share a budget wait for each other; `spendBudget` decides which of them continue.
      if (demand.until.budget !== undefined) return false
      this.#now.target = checkPoints(demand.until.min, demand.until.max).find((point) => point > this.#now.trials)!
      return true
    }
    if (!decision.atEvent) return this.#end(decision.stopped)
    this.#stopped = { ...decision.stopped, seeking: true }
    Object.assign(this.#now, { trials: 0, batches: 0, cpuSeconds: 0 })
    this.#tally = zeroTally(layout, talliedHorizons(demand))
    this.#digest = 0n
    return false
  }

  #end(stopped: Stopped): false {
    const { seeking: _, ...rest } = stopped as Seeking
    this.#stopped = rest
    this.#state = 'done'
    return false
  }

  /** If the batch was given up, the request fails as soon as all other batches are finished. */
  #giveUpAt(batch: LedgerBatch): void {
    if (batch.state !== 'failed' || this.request.missing > 0 || this.request.next < this.#now.target) return
    this.changed = true
    this.#state = 'failed'
  }

  #meetsRequest(batch: LedgerBatch): boolean {
    const { demand, bits } = this.request
    if (!bits.every((estimate) => batch.bits.includes(estimate))) return false
    return batch.record !== null && covers(batch.record, demand.record) && suffices(batch.tally!, demand)
  }

  /**
   * Returns every batch that lacks requested rows, horizons, counts or event bits, so that all of them are recomputed
   * in parallel.
   */
  #batchesToRecompute(ahead: readonly LedgerBatch[]): Settlement['again'] {
    return ahead
      .filter((batch) => batch.first < this.#now.target && batch.state === 'done' && !this.#meetsRequest(batch))
      .map(({ first, count }) => ({ first, count, cut: null }))
  }

  /**
   * If the prefix must end within the batch, returns where to cut the batch. If the prefix must end with the last trial
   * of the batch, returns `end here`. Otherwise returns null.
   */
  #cutFor(batch: LedgerBatch, tally: Tally): Settlement['again'][number]['cut'] | 'end here' {
    if (this.#stopped !== null && 'seeking' in this.#stopped && 'events' in this.#stopped) {
      const { estimate, events } = this.#stopped
      const nth = events - countOf(estimate, this.#tally, this.request.layout)
      if (countOf(estimate, tally, this.request.layout) >= nth) {
        const cut = batch.cut
        const exact = cut !== null && 'event' in cut && cut.exact === true && cut.event === estimate && cut.nth === nth
        return exact ? 'end here' : { event: estimate, nth }
      }
    }
    return batch.first + batch.count > this.#now.target ? { at: this.#now.target } : null
  }

  #add(batch: LedgerBatch, tally: Tally): void {
    this.changed = true
    const sizeOf = ({ horizons, observed = {} }: Tally | TallyJson) =>
      (horizons ?? []).length + Object.keys(observed).length
    const isWhole = this.#now.trials === 0 && sizeOf(tally) === sizeOf(batch.tally!)
    this.#stored = isWhole ? batch.tally : null
    this.#tally = addTallies(this.#tally, tally)
    this.#digest = addDigests(this.#digest, parseDigest(batch.digest!)!)
    this.#now.trials += batch.count
    this.#now.batches++
    this.#now.cpuSeconds += batch.cpuSeconds ?? 0
  }
}
