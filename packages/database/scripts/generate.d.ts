/** The generated files of this package: path from the repository's root, and text. */
export declare function generatedFiles(): {
  path: string
  text: string
}[]
