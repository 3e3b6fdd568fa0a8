/** A place in a text, with its line and column. */

/** A scanner's problem, at a line counted from 0. */
export class ScanError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

const LINE = /[^\n\r\x85\u2028\u2029]+/y

export class Cursor {
  readonly text: string
  at = 0
  line = 0
  column = 0

  constructor(text: string) {
    this.text = text
  }

  /** The character here, '' at the end. */
  get char(): string {
    return this.text[this.at] ?? ''
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  skip(count = 1): void {
    this.at += count
    this.column += count
  }

  /** Consumes this character if it is here. */
  take(char: string): boolean {
    if (this.char !== char) return false
    this.skip()
    return true
  }

  isBreak(offset = 0): boolean {
    const code = this.text.charCodeAt(this.at + offset)
    return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029
  }

  isBlank(offset = 0): boolean {
    const char = this.text[this.at + offset]
    return char === ' ' || char === '\t'
  }

  isBlankOrEnd(offset: number): boolean {
    return this.at + offset >= this.text.length || this.isBlank(offset) || this.isBreak(offset)
  }

  isBreakOrEnd(): boolean {
    return this.atEnd || this.isBreak()
  }

  /** `---` or `...` at a line's start, followed by a blank. */
  atDocumentIndicator(): boolean {
    if (this.column !== 0) return false
    const mark = this.text.slice(this.at, this.at + 3)
    return (mark === '---' || mark === '...') && this.isBlankOrEnd(3)
  }

  /** Consumes a line break and returns it normalised. */
  takeLine(): string {
    const char = this.char
    this.at += char === '\r' && this.text[this.at + 1] === '\n' ? 2 : 1
    this.line++
    this.column = 0
    return char === '\u2028' || char === '\u2029' ? char : '\n'
  }

  skipLine(): void {
    this.takeLine()
  }

  /** Skips what this sticky pattern matches here; it must match no line break. */
  skipRun(run: RegExp): void {
    run.lastIndex = this.at
    if (run.test(this.text)) this.skip(run.lastIndex - this.at)
  }

  skipToBreak(): void {
    this.skipRun(LINE)
  }

  takeWhile(pattern: RegExp): string {
    const start = this.at
    while (!this.atEnd && pattern.test(this.char)) this.skip()
    return this.text.slice(start, this.at)
  }

  /** The rest of the line, consumed. */
  takeRest(): string {
    const start = this.at
    this.skipToBreak()
    return this.text.slice(start, this.at)
  }
}
