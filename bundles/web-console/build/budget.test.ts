import { describe, expect, it } from 'vitest'
import { measure } from './budget'

describe('measure', () => {
  it('counts for sign-in only what the entry imports statically, each once', () => {
    const chunk = (fileName: string, imports: string[], isEntry = false) => ({ type: 'chunk' as const, fileName, code: fileName.repeat(50), imports, isEntry })
    const all = { e: chunk('e', ['a', 'b'], true), a: chunk('a', ['b']), b: chunk('b', ['a']), later: chunk('later', ['a']) }

    const { all: total, login } = measure(all)

    expect(login).toBeLessThan(total)
    expect(login).toBe(measure({ e: all.e, a: all.a, b: all.b }).all)
  })
})
