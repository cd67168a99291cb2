export * from './cell.ts'
export * from './sweep.ts'
