import type { ShapePlaces } from '../memory.ts'
import { additiveDrift, type Model } from '../model.ts'
import { Draws } from './draws.ts'
import type { ScaleWriter } from './scales.ts'
import type { Scope } from './scope.ts'
import type { Writer } from './writer.ts'

/**
 * The update, in this order of operations (the reference follows it too): entries of drift draw in their order,
 * coordinate by coordinate; g' = g + sigma xi, entry by entry; gradient: theta' = theta - eta g'; momentum:
 * v' = beta v - eta g', theta' = theta + v'; then theta' = theta' + s xi for the entries that act on theta.
 */
export function updateInLocals(
  model: Model,
  scope: Scope,
  writer: Writer,
  at: {
    vector: number
    base: string
    coordinates: readonly string[]
    velocities: readonly string[]
    gradient: readonly string[]
  },
  scales: ScaleWriter,
): void {
  const { rule } = model.cell.update
  const drift = additiveDrift(model)
  const draws = new Draws(scope, writer, at.base)
  if (drift.length > 0) draws.open()
  const noise = drift.map((entry, index) => {
    const scale = scales.at(model.scales.drift[index]!, at.vector)
    return at.coordinates.map(() => writer.local(`f64x2.mul(${scale}, ${draws.draw(entry.law)})`))
  })
  if (drift.length > 0) draws.close()
  const eta = scales.at(model.scales.eta, at.vector)
  at.coordinates.forEach((x, i) => {
    let g = at.gradient[i]!
    drift.forEach((entry, index) => {
      if (entry.scale === 'sigma') g = writer.local(`f64x2.add(${g}, ${noise[index]![i]})`)
    })
    const move = writer.local(`f64x2.mul(${eta}, ${g})`)
    if (rule.kind === 'momentum') {
      const beta = momentumFactor(writer, model)
      writer.line(`${at.velocities[i]} = f64x2.sub(f64x2.mul(${beta}, ${at.velocities[i]}), ${move})`)
      writer.line(`${x} = f64x2.add(${x}, ${at.velocities[i]})`)
    } else writer.line(`${x} = f64x2.sub(${x}, ${move})`)
    drift.forEach((entry, index) => {
      if (entry.scale !== 'sigma') writer.line(`${x} = f64x2.add(${x}, ${noise[index]![i]})`)
    })
  })
}

function momentumFactor(writer: Writer, model: Model): string {
  const { rule } = model.cell.update
  return writer.named('beta', rule.kind === 'momentum' ? rule.beta : 0)
}

/** The same over arrays: the last entry draws while theta moves, earlier ones before. */
export function updateInMemory(
  model: Model,
  scope: Scope,
  writer: Writer,
  at: { vector: number; base: string; places: ShapePlaces },
  scales: ScaleWriter,
): void {
  const { rule } = model.cell.update
  const drift = additiveDrift(model)
  const { places } = at
  const last = drift.length - 1
  const index = 'j$'
  const place = (offset: number) => `${at.base} + (<usize>${index} << 4), ${offset - 16}`
  const load = (offset: number) => `v128.load(${place(offset)})`
  const store = (offset: number, value: string) =>
    writer.line(`v128.store(${at.base} + (<usize>${index} << 4), ${value}, ${offset - 16})`)
  const draws = new Draws(scope, writer, at.base)
  const noise = (entry: number) => {
    const scale = scales.at(model.scales.drift[entry]!, at.vector)
    return writer.local(`f64x2.mul(${scale}, ${draws.draw(drift[entry]!.law)})`)
  }
  const noisePlace = (entry: number) => places.noise + 16 * model.dimension * entry

  if (last >= 0) draws.open()
  for (let entry = 0; entry < last; entry++) {
    writer.loop(index, '1', String(model.dimension), () => {
      if (drift[entry]!.scale === 'sigma')
        store(places.gradient, `f64x2.add(${load(places.gradient)}, ${noise(entry)})`)
      else store(noisePlace(entry), noise(entry))
    })
  }
  const eta = scales.at(model.scales.eta, at.vector)
  const beta = rule.kind === 'momentum' ? momentumFactor(writer, model) : ''
  writer.loop(index, '1', String(model.dimension), () => {
    const xi = last >= 0 ? noise(last) : ''
    let g = writer.local(load(places.gradient))
    if (last >= 0 && drift[last]!.scale === 'sigma') g = writer.local(`f64x2.add(${g}, ${xi})`)
    const move = writer.local(`f64x2.mul(${eta}, ${g})`)
    let x = writer.local(load(places.theta))
    if (rule.kind === 'momentum') {
      const velocity = writer.local(`f64x2.sub(f64x2.mul(${beta}, ${load(places.velocity)}), ${move})`)
      store(places.velocity, velocity)
      x = writer.local(`f64x2.add(${x}, ${velocity})`)
    } else x = writer.local(`f64x2.sub(${x}, ${move})`)
    drift.forEach((entry, number) => {
      if (entry.scale === 'sigma') return
      x = writer.local(`f64x2.add(${x}, ${number === last ? xi : load(noisePlace(number))})`)
    })
    store(places.theta, x)
  })
  if (last >= 0) draws.close()
}
