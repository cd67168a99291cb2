// The build uses this file instead of the compiler and the sources that it compiles. The page needs no compiler,
// because modules come from the farm or were compiled when the page was built.
export const main = null
export const libraryFiles = {}
export const assembly = {}
