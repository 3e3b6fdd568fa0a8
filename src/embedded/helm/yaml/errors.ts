/** YAML that cannot be read, in go-yaml's words. */
export class YamlError extends Error {
  /** Line of the document, from 1, as go-yaml reports it; absent where it reports none. */
  readonly line: number | undefined

  constructor(problem: string, line?: number) {
    super(`yaml: ${line ? `line ${line}: ` : ''}${problem}`)
    this.line = line || undefined
  }
}
