import { describe, expect, it } from 'vitest'
import { renderGoTemplate } from './go-template.ts'

describe('renderGoTemplate', () => {
  it.each([
    ['amqp://{{ .user }}:{{ .pass }}@h', 'amqp://u:p@h'],
    ['{{ .user | upper | quote }}', '"U"'],
    ['{{ if eq .user "u" }}yes{{ else }}no{{ end }}', 'yes'],
    ['{{ .pass | b64enc }}', 'cA=='],
    ['', ''],
  ])('%s → %s', (template, expected) => {
    expect(renderGoTemplate(template, { user: 'u', pass: 'p' })).toBe(expected)
  })

  it('refuses a key that is not there', () => {
    expect(() => renderGoTemplate('{{ .none }}', { user: 'u' })).toThrow(/map has no entry for key "none"/)
  })

  it('refuses what it cannot parse', () => {
    expect(() => renderGoTemplate('{{ .user', {})).toThrow()
  })
})
