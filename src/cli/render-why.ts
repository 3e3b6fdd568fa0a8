/** An explanation as text: the cause if something does not work, the chain, what comes next, other traps. Pure. */
import type { Why } from '../explain/why.ts'
import type { Paint } from './io.ts'

/** Lines without their ends; wrapped to `width` columns when there is one. */
export function renderWhy(why: Why, paint: Paint, width?: number): string[] {
  const { of, name, namespace, chain, next, traps } = why
  const lines = [`${paint('bold', `${of} ${name}`)} ${paint('dim', `in ${namespace}`)}`]
  const margin = Math.max(4, ...chain.map(({ step }) => step.length)) + 4
  const row = (label: string, text: string, shown = label) => {
    const [first = '', ...rest] = wrap(text, width === undefined ? undefined : width - margin)
    lines.push(`  ${shown}${' '.repeat(margin - 2 - label.length)}${first}`)
    for (const line of rest) lines.push(`${' '.repeat(margin)}${line}`)
  }
  for (const { code, text, fix } of traps.filter(({ cause }) => cause)) {
    row('cause', `${text} (${code})`, paint('red', 'cause'))
    row('mend', fix, paint('green', 'mend'))
  }
  for (const { step, text } of chain) row(step, text, paint('dim', step))
  row('next', next.text, paint('bold', 'next'))
  for (const { code, text, fix } of traps.filter(({ cause }) => !cause)) {
    row('trap', `${text} (${code})`, paint('yellow', 'trap'))
    row('mend', fix, paint('green', 'mend'))
  }
  return lines
}

/** Breaks between words; a word longer than the width stays whole. */
function wrap(text: string, width: number | undefined): string[] {
  if (width === undefined || width < 20) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
