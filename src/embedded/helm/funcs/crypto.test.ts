import { X509Certificate } from 'node:crypto'
import { expect, it } from 'vitest'
import { int, type Struct } from '../go/value.ts'
import { bcryptHash } from './bcrypt.ts'
import { generateCa, generateSigned } from './certificates.ts'
import { generatePrivateKey, parsePrivateKey } from './keys.ts'

const text = (value: Struct, name: string) => String(value.fields.get(name)?.value)

it('hashes as the published bcrypt vectors do', () => {
  const salt = Buffer.from('10410410410410410410410410410410', 'hex')
  expect(bcryptHash(Buffer.from('U*U'), 5, salt)).toBe(
    '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW',
  )
  expect(bcryptHash(Buffer.alloc(73))).toBeUndefined()
})

it('signs certificates that their CA vouches for', () => {
  const ca = generateCa('root', int(10))
  const leaf = generateSigned('web', ['10.0.0.1', '::1'], ['a.test'], int(5), ca)
  const [root, cert] = [new X509Certificate(text(ca, 'Cert')), new X509Certificate(text(leaf, 'Cert'))]
  expect(root.ca).toBe(true)
  expect(cert.checkIssued(root)).toBe(true)
  expect(cert.verify(root.publicKey)).toBe(true)
  expect(cert.checkHost('a.test')).toBe('a.test')
  expect(cert.checkIP('10.0.0.1')).toBe('10.0.0.1')
  expect(cert.checkPrivateKey(parsePrivateKey(text(leaf, 'Key')))).toBe(true)
})

it.each(['ecdsa', 'ed25519'])('writes a %s key that it can read', (kind) => {
  expect(parsePrivateKey(generatePrivateKey(kind)).type).toBe('private')
})
