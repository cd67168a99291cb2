import { elementary } from '@driftfarm/formula'
import type { Cell, Descent, Landscape, NetworkLandscape, Start } from '@driftfarm/spec'

export interface StartPlan {
  readonly drawn: Exclude<Start, { readonly kind: 'descend' }>
  readonly descents: readonly Descent[]
}

export function startPlan(start: Start): StartPlan {
  if (start.kind !== 'descend') return { drawn: start, descents: [] }
  const { drawn, descents } = startPlan(start.from)
  return { drawn, descents: [...descents, start.descent] }
}

/** Whether theta_0 is the same in all trials and known before any step. */
export function startsAtPoint({ start, trial }: Cell): boolean {
  return start.kind === 'point' && trial.warmup === 0
}

/** One layer of a network: weights drawn from N(0, sigma^2), followed by biases that are 0. */
export interface InitRun {
  readonly weights: number
  readonly sigma: number
  readonly biases: number
}

/** The landscape is a network; `spec` refuses the start `init` on any other landscape. */
export function initRuns(landscape: Landscape, law: 'he' | 'xavier' | 'lecun'): readonly InitRun[] {
  const { layers, biases } = landscape as NetworkLandscape
  return layers.slice(1).map((fanOut, layer) => {
    const fanIn = layers[layer]!
    const variance = { he: 2 / fanIn, xavier: 2 / (fanIn + fanOut), lecun: 1 / fanIn }[law]
    return { weights: fanIn * fanOut, sigma: elementary.sqrt(variance), biases: biases ? fanOut : 0 }
  })
}
