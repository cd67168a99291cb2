/** A setting that the reader changes. */
export interface Setting {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
}

/** A figure of the documentation whose trials run in the reader's browser. */
export interface SiteFigure {
  readonly title: string
  readonly settings: readonly Setting[]
  /** The spec with these values in the order of `settings`. One kernel must serve all of them. */
  spec(...values: readonly number[]): string
}

/** Each figure repeats the spec of the page that shows it, with the number of trials of the playground. */
export const siteFigures: Readonly<Record<string, SiteFigure>> = {
  well: {
    title: 'Trials in the double well',
    settings: [
      { label: 'Step size eta', value: 0.1, least: 0.02, most: 0.4 },
      { label: 'Drift sigma', value: 1, least: 0.5, most: 2 },
    ],
    spec: (eta, sigma) => `version: 1
name: well
seed: 7
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: ${eta}, drift: { form: additive, law: gaussian, sigma: ${sigma} } }
trial: { steps: 1000, escape: "x >= 0" }
trials: 10000
`,
  },
  arrival: {
    title: 'Trials on the Müller-Brown surface',
    settings: [{ label: 'Temperature kT', value: 14, least: 6, most: 24 }],
    spec: (kT) => `version: 1
name: mb
seed: 11
landscape: { preset: mueller-brown }
start: { minimum: right }
update: { eta: 0.0001, drift: { form: additive, law: gaussian, temperature: ${kT} } }
trial: { steps: 600, escape: "(x + 0.558)^2 + (y - 1.442)^2 <= 0.09" }
trials: 10000
`,
  },
}
