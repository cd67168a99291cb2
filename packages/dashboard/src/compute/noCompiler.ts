// The build uses this file in place of the compiler and of the sources that the compiler reads. The page needs no
// compiler, because modules come from the farm or were compiled when the page was built.

export const main = null
export const libraryFiles = {}
export const assembly = {}
