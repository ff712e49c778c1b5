import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { en } from './en'
import { entryEn, entryZh } from './entry'
import { zh } from './zh'

/** The server's own description: the contract test there keeps its lists equal to the enums. */
const { schemas } = (JSON.parse(readFileSync('../web-api/src/main/resources/io/busbar/web/api/openapi.json', 'utf8')) as { components: { schemas: Record<string, Schema> } }).components

interface Schema {
  enum?: (string | null)[]
  properties?: Record<string, Schema>
}

const words = (list: (string | null)[] | undefined): string[] => (list ?? []).filter((word) => word !== null)

/** The names of codes that the server sends, and where the words for them are. */
const CODES: [string, string[], (code: string) => string[]][] = [
  ['Reason', words(schemas['Reason']?.properties?.['code']?.enum), (code) => [`why.${code}`]],
  ['Violation', words(schemas['Violation']?.properties?.['code']?.enum), (code) => [`violation.${code}`]],
  ['Expectation', words(schemas['Expectation']?.properties?.['kind']?.enum), (code) => [`expectation.${code}`]],
  ['QualityReason', words(schemas['QualityReason']?.properties?.['code']?.enum), (code) => [`reason.${code}`]],
  ['JSON type', words(schemas['Violation']?.properties?.['type']?.enum), (code) => [`json.${code}`]],
  ['RejectionCause', words(schemas['RejectionCause']?.enum), (code) => [`rejected.${code}`]],
  ['DisconnectCause', words(schemas['DisconnectCause']?.enum), (code) => [`history.cause.${code}`]],
  ['ValidationMode', words(schemas['ValidationMode']?.enum), (code) => [`validation.${code}`]],
  ['Role', words(schemas['Role']?.enum), (code) => [`role.${code}`]],
  ['Fate', words(schemas['Fate']?.enum), (code) => [`fate.${code}`]],
  ['Outcome', words(schemas['Receiver']?.properties?.['outcome']?.enum), (code) => [`outcome.${code}`]],
  ['ReceiverRemark', words(schemas['ReceiverRemark']?.properties?.['code']?.enum), (code) => [`remark.${code}`]],
  ['Verdict', words(schemas['MessageContract']?.properties?.['verdict']?.enum), (code) => [`verdict.${code}`]],
]

describe.each(CODES)('each code of %s', (_name, codes, keysOf) => {
  it('is known', () => {
    expect(codes.length).toBeGreaterThan(1)
  })

  it.each([
    ['English', { ...entryEn, ...en }],
    ['Chinese', { ...entryZh, ...zh }],
  ])('has words in %s', (_language, texts: Record<string, string>) => {
    expect(codes.filter((code) => keysOf(code).some((key) => !texts[key]))).toEqual([])
  })
})

it.each([
  ['English', en],
  ['Chinese', zh],
])('each Reason Code of MQTT has words in %s', (_language, texts: Record<string, string>) => {
  const source = readFileSync('../api/src/main/java/io/busbar/api/mqtt/ReasonCode.java', 'utf8')
  const codes = [...source.matchAll(/^ {4}[A-Z_0-9]+\((0x[0-9A-F]{2}), "/gm)].map(([, code]) => Number(code))

  expect(codes.length).toBeGreaterThan(40)
  expect(codes.filter((code) => !texts[`mqtt.reason.${code}`])).toEqual([])
})

const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()

it('both languages name the same', () => {
  const differing = Object.keys(en).filter((key) => /^(why|fate|remark|explain|whatif)\./.test(key) && names(en[key as keyof typeof en]).join() !== names(zh[key as keyof typeof zh]).join())

  expect(differing).toEqual([])
})

it('what is said in Chinese of a reason has Chinese characters', () => {
  expect(Object.entries(zh).filter(([key, text]) => /^why\.[A-Z]/.test(key) && !/[\u4e00-\u9fff]/.test(text))).toEqual([])
})
