/** The initial text of the editor: a spec that runs in seconds. */
export const begin = `version: 1
name: my-first
seed: 1
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 200, escape: 'x >= 0' }
sweep:
  update.eta: [0.05, 0.1, 0.2]
  update.drift.sigma: { from: 0.5, to: 2, count: 7 }
trials: 10000
`
