import { afterEach, expect, it } from 'vitest'
import { setLanguage, t } from '.'
import { hex, reasonCodeText } from './mqtt'
import { zh } from './zh'

afterEach(() => setLanguage('en'))

it('a Reason Code is written as in the specification', () => {
  expect(hex(0)).toBe('0x00')
  expect(hex(0x8e)).toBe('0x8E')
})

it('a Reason Code has its name, and in English what the server says more', () => {
  expect(reasonCodeText(0x8e, null)).toBe('Session taken over')
  expect(reasonCodeText(0x8e, 'Session taken over: by 10.0.0.7')).toBe('Session taken over: by 10.0.0.7')
  expect(reasonCodeText(0xfe, 'something new')).toBe('something new')
})

it('a Reason Code is said in Chinese to those who read Chinese', async () => {
  setLanguage('zh-CN')
  await expect.poll(() => t('cancel')).toBe(zh.cancel)

  expect(reasonCodeText(0x8e, 'Session taken over: by 10.0.0.7')).toBe('会话被接管')
})
