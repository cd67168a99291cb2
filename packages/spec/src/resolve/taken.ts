/** Names that a landscape without named variables has already. */
export const takenByList = [
  ['x', 'it is the list of coordinates'],
  ['d', 'it is the dimension'],
] as const
