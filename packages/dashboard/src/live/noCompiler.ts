// In a page there is no compiler: modules come from the farm, or were compiled when the page was built. The build puts
// this in the place of the compiler, and of the sources that it would compile.
export const main = null
export const libraryFiles = {}
export const assembly = {}
