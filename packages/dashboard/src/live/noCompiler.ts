// In a page there is no compiler: modules come from the farm, or were compiled when the page was built.
export const main = null
export const libraryFiles = {}
export const assembly = {}
