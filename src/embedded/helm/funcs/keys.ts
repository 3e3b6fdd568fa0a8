/** Private keys in the PEM forms that Sprig writes: PKCS #1 for RSA, SEC 1 for EC, PKCS #8 for Ed25519. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { FuncError } from '../template/errors.ts'
import { integer, integerOf, pem, readElements, readPem, sequence } from './der.ts'

export function newRsaKey(bits: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey
}

/** The PEM of a new key of this kind: rsa (also ''), ecdsa, ed25519 or dsa. */
export function generatePrivateKey(kind: string): string {
  switch (kind) {
    case '':
    case 'rsa':
      return keyPem(newRsaKey(4096))
    case 'ecdsa':
      return keyPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
    case 'ed25519':
      return keyPem(generateKeyPairSync('ed25519').privateKey)
    case 'dsa':
      return keyPem(generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey)
    default:
      return `Unknown type ${kind}`
  }
}

export function keyPem(key: KeyObject): string {
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return key.export({ type: 'pkcs1', format: 'pem' }) as string
    case 'ec':
      return key.export({ type: 'sec1', format: 'pem' }) as string
    case 'dsa':
      return dsaPem(key)
    default:
      return key.export({ type: 'pkcs8', format: 'pem' }) as string
  }
}

/** OpenSSL's traditional form: version, p, q, g, y, x. */
function dsaPem(key: KeyObject): string {
  const outer = readElements(key.export({ type: 'pkcs8', format: 'der' }))[0]
  const [, algorithm, secret] = readElements(outer?.content ?? Buffer.alloc(0))
  const parameters = readElements(algorithm?.content ?? Buffer.alloc(0))[1]
  const [p, q, g] = readElements(parameters?.content ?? Buffer.alloc(0)).map(integerOf)
  const x = integerOf(readElements(secret?.content ?? Buffer.alloc(0))[0])
  const y = modularPower(g ?? 0n, x, p ?? 1n)
  return pem('DSA PRIVATE KEY', sequence(...[0n, p ?? 0n, q ?? 0n, g ?? 0n, y, x].map(integer)))
}

function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

/** Throws a FuncError with Sprig's words. */
export function parsePrivateKey(text: string): KeyObject {
  const block = readPem(text)
  if (!block) throw new FuncError('no PEM data in input')
  if (!block.label.endsWith('PRIVATE KEY')) {
    throw new FuncError(`no private key data in PEM block of type ${block.label}`)
  }
  try {
    return createPrivateKey(text)
  } catch (error) {
    throw new FuncError(`decoding PEM as PKCS#8: ${(error as Error).message}`)
  }
}
