export * from './expression.ts'
