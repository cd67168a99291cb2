import { command } from '../command.ts'
import { flag, type OptionsOf, text } from '../options/option.ts'
import { json } from '../options/shared.ts'

const options = {
  trajectory: text('<file>', 'write n, theta, loss, gradient norm and events of every step to a .csv or .jsonl file'),
  control: flag('replay a trial of the control run (the same cell, but without noise)'),
  json,
}
export type ReplayOptions = OptionsOf<typeof options>

export const replay = command({
  name: 'replay',
  arguments: ['<sweep>', '<cell>', '<trial>'],
  summary: 'recompute one trial or replica, and compare it with its stored record bit for bit',
  options,
  examples: ['replay double-well 0 17', 'replay double-well 0 17 --trajectory path.csv'],
  kinds: ['Trial', 'Replica', 'Weighted'],
  act: async (...given) => (await import('./replay/replay.ts')).replay(...given),
})
