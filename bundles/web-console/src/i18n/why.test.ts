import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toError } from '../api/client'
import { setLanguage, t } from '.'
import { whyText } from './why'

const SENTENCE = 'fields[2].min: 5 is above max 2'
const REASON = { code: 'MIN_ABOVE_MAX', parameters: { at: 'fields[2].min', min: '5', max: '2' } } as const

it('is said with its place', () => {
  expect(whyText(REASON, SENTENCE)).toBe('fields[2].min: The least value 5 is above the greatest, 2.')
})

it('that is not known, or lacks what the words name, is the server’s sentence', () => {
  expect(whyText(null, SENTENCE)).toBe(SENTENCE)
  expect(whyText({ code: 'NEW' as 'EMPTY', parameters: {} }, SENTENCE)).toBe(SENTENCE)
  expect(whyText({ code: 'MIN_ABOVE_MAX', parameters: { min: '5' } }, SENTENCE)).toBe(SENTENCE)
})

it('says what may be meant, and how much is not listed', () => {
  expect(whyText({ code: 'UNKNOWN_KEY', parameters: { found: 'displayname', similar: 'displayName' } }, '')).toContain('displayName')
  expect(whyText({ code: 'NOT_KEPT', parameters: { parts: 'mockData true', more: '3' } }, '')).toBe('Not kept: mockData true and 3 more')
  expect(whyText({ code: 'NOT_KEPT', parameters: { parts: 'mockData true', more: '0' } }, '')).toBe('Not kept: mockData true')
})

it('does not look into what was sent', () => {
  expect(whyText({ code: 'NAME_DOLLAR', parameters: { found: '${max}', max: '9' } }, '')).toContain('“${max}”')
})

describe('in Chinese', () => {
  beforeEach(async () => {
    setLanguage('zh-CN')
    await vi.waitFor(() => expect(t('cancel')).toBe('取消'))
  })
  afterEach(async () => {
    setLanguage('en')
    await vi.waitFor(() => expect(t('cancel')).toBe('Cancel'))
  })

  it('has no English words', () => {
    expect(whyText(REASON, SENTENCE)).toBe('fields[2].min：最小值 5 大于最大值 2。')
  })

  it('is also what a refusal says', () => {
    const refusal = {
      type: 'urn:busbar:problem:conflict',
      title: 'Conflict',
      status: 409,
      detail: 'topic: a is that of the node b already.',
      errors: [{ pointer: '/topic', field: 'topic', code: 'exists', message: 'topic: a is that of the node b already', parameters: { reason: 'TOPIC_TAKEN', found: 'a', node: 'b' } }],
    }

    expect(toError(409, refusal).message).toBe('主题 a 已属于节点 b。')
  })
})
