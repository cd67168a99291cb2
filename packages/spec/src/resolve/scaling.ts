/** `scaledColumns` defines the scalings. */
export const scalings = ['none', 'standard', 'range'] as const
export type Scaling = (typeof scalings)[number]
