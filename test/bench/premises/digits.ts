/** Samples and inputs of the handwritten digits of UCI, in 8 x 8 pixels from 0 to 16; one word for each class. */
const samples = 1797
const pixels = 64
const classes = 10

/** A table of the shape of the digits, made from a seed: each class is a pattern, each sample its class and noise. */
export function digitsTable(seed = 1): string {
  const uniform = uniforms(seed)
  const patterns = Array.from({ length: classes }, () => Array.from({ length: pixels }, () => 16 * uniform()))
  const names = Array.from({ length: pixels }, (_, i) => `p${i}`)
  const lines = [[...names, 'digit'].join(',')]
  for (let i = 0; i < samples; i++) {
    const pattern = patterns[i % classes]!
    const row = pattern.map((x) => Math.min(1, Math.max(0, x / 16 + 0.8 * (uniform() - 0.5))).toFixed(4))
    lines.push([...row, `d${i % classes}`].join(','))
  }
  return `${lines.join('\n')}\n`
}

/** Four step sizes of a network that learns them: `trials` of each. */
export function digitsSpec(trials: number): string {
  const inputs = Array.from({ length: pixels }, (_, i) => `p${i}`)
  const network = {
    layers: [pixels, 32, classes],
    activation: 'tanh',
    output: 'softmax',
    loss: 'cross-entropy',
    data: { csv: 'digits.csv', inputs, targets: ['digit'] },
    batch: 32,
  }
  return JSON.stringify({
    version: 1,
    name: 'digits',
    seed: 1,
    landscape: { network },
    start: { init: 'xavier' },
    update: { rule: 'gradient', eta: 0.1, drift: 'none' },
    trial: { steps: 2000, marks: { learned: 'loss <= 0.05' } },
    sweep: { 'update.eta': [0.02, 0.05, 0.1, 0.2] },
    trials,
  })
}

function uniforms(seed: number): () => number {
  let state = seed >>> 0
  // Mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
