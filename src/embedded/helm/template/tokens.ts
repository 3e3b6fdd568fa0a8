/** The parser's view of the tokens: looking ahead, stepping back, skipping blanks. */
import { quote } from '../go/strconv.ts'
import { lex, type Token } from './lex.ts'

export class TokenStream {
  readonly #tokens: Token[]
  #at = 0

  constructor(text: string) {
    this.#tokens = lex(text)
  }

  /** Where the stream stands, for `reset`. */
  get mark(): number {
    return this.#at
  }

  reset(mark: number): void {
    this.#at = mark
  }

  /** Steps back over the last token. */
  back(): void {
    this.#at--
  }

  peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  peekNonSpace(): Token {
    while (this.peek().type === 'space') this.#at++
    return this.peek()
  }

  nextNonSpace(): Token {
    this.peekNonSpace()
    return this.next()
  }

  /** The token read last: errors without a token of their own are placed at it. */
  get last(): Token {
    return this.#tokens[Math.min(Math.max(this.#at - 1, 0), this.#tokens.length - 1)] as Token
  }

  /** Reads `{{ word` if it stands here. */
  takeKeyword(word: string): boolean {
    const { mark } = this
    this.next()
    const token = this.nextNonSpace()
    if (token.type === 'keyword' && token.value === word) return true
    this.reset(mark)
    return false
  }
}

/** A token as `unexpected …` shows it. */
export function tokenText(token: Token): string {
  if (token.type === 'EOF') return 'EOF'
  if (token.type === 'keyword' || token.type === 'dot' || token.type === 'nil') return `<${token.value}>`
  return token.value.length > 10 ? `${quote(token.value.slice(0, 10))}...` : quote(token.value)
}
