/** Names that have a meaning in every landscape without named variables. */
export const reservedNames = [
  ['x', 'it stands for the coordinates'],
  ['d', 'it stands for the dimension'],
] as const
