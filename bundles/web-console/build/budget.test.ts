import { describe, expect, it } from 'vitest'
import { measure } from './budget'

const chunk = (fileName: string, more: { imports?: string[]; dynamicImports?: string[]; isEntry?: boolean; facadeModuleId?: string } = {}) => ({
  type: 'chunk' as const,
  fileName,
  code: fileName.repeat(50),
  ...more,
})

const bundle = {
  entry: chunk('entry', { isEntry: true, imports: ['kit', 'words'], dynamicImports: ['setup', 'frame'] }),
  kit: chunk('kit', { imports: ['words'] }),
  words: chunk('words', { imports: ['kit'], dynamicImports: ['en', 'zh'] }),
  setup: chunk('setup', { imports: ['kit'] }),
  frame: chunk('frame', { imports: ['kit', 'data'], dynamicImports: ['small', 'large'], facadeModuleId: '/console/src/app/Frame.tsx' }),
  data: chunk('data'),
  en: chunk('en', { facadeModuleId: '/console/src/en.ts' }),
  zh: chunk('zh-which-is-longer', { facadeModuleId: '/console/src/zh.ts' }),
  small: chunk('small', { imports: ['data'] }),
  large: chunk('large', { imports: ['kit', 'table'], dynamicImports: ['dialog'] }),
  table: chunk('table', { imports: ['data'] }),
  dialog: chunk('dialog'),
}
bundle.zh.fileName = 'zh'
const parts = { frame: 'src/app/Frame.tsx', texts: ['src/en.ts', 'src/zh.ts'] }

describe('measure', () => {
  const { login, pages } = measure(bundle, parts)
  const size = (...names: (keyof typeof bundle)[]) => {
    const only = Object.fromEntries(names.map((name) => [name, { ...bundle[name], imports: [], dynamicImports: [], isEntry: true }]))
    return measure({ ...only, f: chunk('f', { facadeModuleId: parts.frame }), t: chunk('t', { facadeModuleId: 'src/en.ts' }) }, { ...parts, texts: ['src/en.ts'] }).login
  }

  it('counts for sign-in only what the entry imports statically, each once', () => {
    expect(login).toBe(size('entry', 'kit', 'words'))
  })

  it('counts for a page the frame, the longer language and itself, without what sign-in has loaded', () => {
    expect(pages.get('small')).toBe(size('frame', 'data', 'zh', 'small'))
    expect(pages.get('large')).toBe(size('frame', 'data', 'zh', 'large', 'table'))
  })

  it('counts a page before sign-in alone', () => {
    expect(pages.get('setup')).toBe(size('setup'))
  })

  it('does not count what a page loads later, nor texts as pages', () => {
    expect([...pages.keys()].sort()).toEqual(['large', 'setup', 'small'])
  })

  it('fails when a part cannot be found, so that the check never passes by accident', () => {
    expect(() => measure(bundle, { ...parts, frame: 'src/app/Renamed.tsx' })).toThrow(/Renamed/)
  })
})
