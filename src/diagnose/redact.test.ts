import fc from 'fast-check'
import { expect, test } from 'vitest'
import { redactor } from './redact.ts'

test('a known value goes in each of its forms, also inside other text', () => {
  const { redact, count } = redactor(['p"ss/wörd 1'])
  const forms = [
    'p"ss/wörd 1',
    JSON.stringify({ a: 'p"ss/wörd 1' }),
    encodeURIComponent('p"ss/wörd 1'),
    btoa(String.fromCharCode(...Buffer.from('{"x":"p"ss/wörd 1"}'))),
  ]
  for (const form of forms) expect(redact(`before ${form} after`)).toMatch(/^before .*«redacted».* after$/)
  expect(count()).toBe(forms.length)
})

test('a Secret of a megabyte goes as short ones do, and so do many of them', () => {
  const release = Buffer.alloc(1_000_000, 'H4sIA+/(').toString('latin1')
  const many = Array.from({ length: 5000 }, (_, index) => `password-${index}-`)
  const { redact } = redactor([release, ...many])
  expect(redact(`a ${release} b ${btoa(release)} c password-4711- d`)).toBe(
    'a «redacted» b «redacted» c «redacted» d',
  )
})

test('what the environment publishes is no secret, what is short is no word', () => {
  const { redact } = redactor(['hr_assist', 'dev', 'hunter2!'], ['hr_assist'])
  expect(redact('hr_assist dev hunter2!')).toBe('hr_assist dev «redacted»')
})

test('what looks like a credential goes without being known', () => {
  const { redact } = redactor([])
  expect(redact('amqp://hr:pw@host/ Authorization: Bearer abcdefgh1234 hvs.abcdefghijklmnopqrstuvwx')).toBe(
    'amqp://hr:«redacted»@host/ Authorization: Bearer «redacted» «redacted»',
  )
  expect(redact('Unseal Key: kzCcvIBQ=\nRoot Token: root-1')).toBe(
    'Unseal Key: «redacted»\nRoot Token: «redacted»',
  )
  expect(redact('a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb')).toBe(
    'a\n«redacted»\nb',
  )
})

test('no value of eight letters or more survives, wherever it stands', () => {
  const word = fc.string({ minLength: 8, maxLength: 30 }).filter((text) => text.trim().length >= 8)
  const place = fc.string({ maxLength: 20 })
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), place, place, (secrets, before, after) => {
      const { redact } = redactor(secrets)
      for (const secret of secrets) {
        const encoded = Buffer.from(before + secret + after).toString('base64')
        expect(redact(`${before}${secret}${after}`)).not.toContain(secret)
        expect(Buffer.from(redact(encoded), 'base64').toString()).not.toContain(secret)
      }
    }),
  )
})
