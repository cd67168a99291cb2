/** How the inputs of a network are scaled: see `scaledColumns`. */
export const scalings = ['none', 'standard', 'range'] as const
export type Scaling = (typeof scalings)[number]
