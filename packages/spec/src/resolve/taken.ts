/** Names that have a meaning in every landscape without named variables. */
export const takenByList = [
  ['x', 'it is the list of coordinates'],
  ['d', 'it is the dimension'],
] as const
