import { codedError, allEnding } from '/work/wt/book/packages/formula/src/index.ts'
class Fault extends codedError({ GONE: { ends: 'unreachable', hint: 'try again' }, FULL: { ends: 'unreachable', retryable: false } }) { override readonly name = 'Fault' }
const gone = new Fault('GONE', 'x', { cause: 1 }); console.log(gone.code, gone.hint, gone.exit, gone.status, gone.retryable, gone.name, gone instanceof Error, new Fault('GONE','g',{hint:'start it'}).hint, new Fault('FULL','f').hint, new Fault('FULL','f').retryable, Fault.table)
console.log(allEnding('usage',{ONE:1}))
