import { describe, expect, it } from 'vitest'
import { change, formatJson, valuesOf } from './payload'

const lines = (text: string) => formatJson(text)!.map((line) => `${'  '.repeat(line.depth)}${line.key === undefined ? '' : `${line.key}: `}${line.text}${line.comma ? ',' : ''}`)

describe('formatJson', () => {
  it('breaks nested JSON into lines', () => {
    expect(lines('{"a":1,"b":{"c":[true,null]},"d":{}}')).toEqual(['{', '  "a": 1,', '  "b": {', '    "c": [', '      true,', '      null', '    ]', '  },', '  "d": {}', '}'])
  })

  it('keeps numbers as they came', () => {
    expect(lines('{"n":9007199254740993,"z":6.0,"e":1E3}')).toEqual(['{', '  "n": 9007199254740993,', '  "z": 6.0,', '  "e": 1E3', '}'])
  })

  it.each(['72.4', 'true', '"x"', ' 1 '])('takes a bare scalar: %s', (text) => {
    expect(lines(text)).toEqual([text.trim()])
  })

  it.each(['', 'a,b', '{', '{"a":01}', '<xml/>'])('is undefined for what is no JSON: %s', (text) => {
    expect(formatJson(text)).toBeUndefined()
  })
})

describe('change', () => {
  const before = valuesOf(formatJson('{"t":82.0,"s":"a","same":1}')!)
  const after = formatJson('{"t":82.6,"s":"b","same":1,"new":true}')!
  const of = (key: string) => change(after.find((line) => line.key === `"${key}"`)!, before)

  it('gives numbers their difference', () => {
    expect(of('t')).toBe('▲ 0.6')
    expect(change(formatJson('{"t":80}')![1]!, before)).toBe('▼ 2.0')
  })

  it('writes a huge difference short', () => {
    const huge = valuesOf(formatJson('{"n":1}')!)

    expect(change(formatJson('{"n":98765432109876}')![1]!, huge)).toBe('▲ 9.88e+13')
  })

  it('tells a key with a slash from one inside of another', () => {
    const values = valuesOf(formatJson('{"a/b":1,"a":{"b":2},"a~1b":3}')!)

    expect([...values]).toEqual([
      ['/a~1b', '1'],
      ['/a/b', '2'],
      ['/a~01b', '3'],
    ])
  })

  it('marks other changes, and nothing else', () => {
    expect(of('s')).toBe('')
    expect(of('new')).toBe('')
    expect(of('same')).toBeUndefined()
    expect(change(after[1]!, undefined)).toBeUndefined()
  })
})
