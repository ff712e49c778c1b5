import { describe, expect, test } from 'vitest'
import { clientPath } from './client'

describe('a Client ID in a path', () => {
  test.each(['uns4f2k9', 'line-1', 'a_b.c', '-x'])('%s goes as it is', (id) => expect(clientPath(id)).toBe(id))

  test.each(['a/b c', '..', '.', '~x', 'ü%2F', '线路1', 'a+b?#'])('%s goes in base64url and comes back', (id) => {
    const path = clientPath(id)
    expect(path).toMatch(/^~[\w-]+$/)
    expect(Buffer.from(path.slice(1), 'base64url').toString('utf8')).toBe(id)
  })
})
