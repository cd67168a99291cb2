// The page needs no compiler: modules come from the farm, or were compiled when the page was built. The build replaces
// the compiler and the sources that it compiles with this file.
export const main = null
export const libraryFiles = {}
export const assembly = {}
