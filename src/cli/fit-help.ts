/** Help texts on a narrow terminal: paragraphs are wrapped anew, explanations go below their examples. Pure. */

const EXAMPLE = /^(\s+\S.*?)\s{2,}(\S.*)$/
const BELOW = '      '

/**
 * Fits a help text into `width` columns. Lists of flags come fitted from commander; what is cut here are paragraphs
 * and examples (`  command   explanation`). A command that is itself too long stays whole: it is there to be copied.
 */
export function fitHelp(text: string, width: number): string {
  return text
    .split('\n\n')
    .map((block) => (block.split('\n').some((line) => line.length > width) ? fitBlock(block, width) : block))
    .join('\n\n')
}

function fitBlock(block: string, width: number): string {
  const lines = block.split('\n')
  // A paragraph's line breaks are those of a wide screen.
  if (lines.every((line) => /^(\S|$)/.test(line))) {
    const [before = ''] = /^\n*/.exec(block) ?? []
    const [after = ''] = /\n*$/.exec(block) ?? []
    return before + wrap(lines.join(' ').trim(), width, '') + after
  }
  return lines.flatMap((line) => fitLine(line, width)).join('\n')
}

function fitLine(line: string, width: number): string[] {
  const [, command, explanation] = EXAMPLE.exec(line) ?? []
  if (command === undefined || explanation === undefined) {
    return /^\S/.test(line) ? [wrap(line, width, '')] : [line]
  }
  return [command, wrap(explanation, width, BELOW)]
}

function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line)
      line = indent
    }
    line += line.trim() === '' ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}
