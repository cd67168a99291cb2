/** countText(1, 'cell') is '1 cell', and countText(2, 'cell') is '2 cells'. */
export const countText = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
