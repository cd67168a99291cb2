/** Names that have a meaning in every landscape whose coordinates are not named. */
export const reservedNames = [
  ['x', 'it stands for the coordinates'],
  ['d', 'it stands for the dimension'],
] as const
