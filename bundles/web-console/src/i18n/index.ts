import { createElement, Fragment, useSyncExternalStore, type ReactNode } from 'react'
import type { ConsoleKey } from './en'
import { entryEn, entryZh, type EntryKey } from './entry'

export type Key = ConsoleKey | EntryKey
export type Language = 'en' | 'zh-CN'
type Dictionary = Record<EntryKey, string> & Partial<Record<ConsoleKey, string>>
type Values = Record<string, string | number>

const dictionaries: Record<Language, Dictionary> = { en: entryEn, 'zh-CN': entryZh }
const complete = new Set<Language>()
const listeners = new Set<() => void>()
let language: Language = 'en'
let dictionary: Dictionary = entryEn
let consoleOpen = false

function preferred(): Language {
  let stored: string | null = null
  try {
    stored = localStorage.getItem('busbar.language')
  } catch {
    // Storage is switched off: the browser's language it is.
  }
  const wish = stored ?? navigator.languages.find((tag) => /^(en|zh)/.test(tag)) ?? 'en'
  return wish.startsWith('zh') ? 'zh-CN' : 'en'
}

async function use(next: Language): Promise<void> {
  if (consoleOpen && !complete.has(next)) {
    const texts = next === 'en' ? (await import('./en')).en : (await import('./zh')).zh
    dictionaries[next] = { ...dictionaries[next], ...texts }
    complete.add(next)
  }
  language = next
  dictionary = dictionaries[next]
  document.documentElement.lang = next
  for (const listener of listeners) listener()
}

/** Called once before the first paint, so that no text flashes in another language. */
export function startLanguage(): Promise<void> {
  return use(preferred())
}

/** Loads the texts of the pages behind the sign-in, in the language in use and whichever is chosen later. */
export function loadConsoleTexts(): Promise<void> {
  consoleOpen = true
  return use(language)
}

export function setLanguage(next: Language): void {
  try {
    localStorage.setItem('busbar.language', next)
  } catch {
    // Not remembered, still used.
  }
  void use(next)
}

/** The language in use; who draws with it is drawn anew when it changes. */
export function currentLanguage(): Language {
  return language
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => language,
  )
}

/** Whether there is a text: not every key that the server can cause is known to every console. */
export function has(key: string): key is Key {
  return Object.hasOwn(dictionary, key)
}

/** The text of a key; `{name}` is replaced by the value of that name. */
export function t(key: Key, values?: Values): string {
  const text = dictionary[key] ?? key
  if (!values) return text
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value
  })
}

type CountKey = { [K in Key]: K extends `${infer B}.one` ? (`${B}.other` extends Key ? B : never) : never }[Key]

/** The text of a key in the singular or plural, with `{n}`. */
export function tn(key: CountKey, n: number, values?: Values): string {
  const form = new Intl.PluralRules(language).select(n) === 'one' ? 'one' : 'other'
  return t(`${key}.${form}` as Key, { n, ...values })
}

/** As {@link t}, with elements for values, e.g. a topic in a fixed-width font. */
export function tx(key: Key, values: Record<string, ReactNode>): ReactNode {
  return (dictionary[key] ?? key)
    .split(/(\{\w+\})/)
    .map((part, index) => createElement(Fragment, { key: index }, part.startsWith('{') ? values[part.slice(1, -1)] : part))
}

const formats = new Map<string, Intl.NumberFormat>()

/** A number as people write it, e.g. 18,420; at most `decimals` places. */
export function number(value: number, decimals = 0): string {
  const key = `${language}/${decimals}`
  let format = formats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(language, { maximumFractionDigits: decimals })
    formats.set(key, format)
  }
  return format.format(value)
}

/** A rate: whole numbers from ten on, one place below. */
export function rate(value: number): string {
  return number(value, value < 10 ? 1 : 0)
}

export function bytes(value: number): string {
  if (value < 1024) return `${number(value)} B`
  if (value < 1024 * 1024) return `${number(value / 1024, 1)} KB`
  return `${number(value / 1024 / 1024, 1)} MB`
}

/** A length of time in at most two units: 14 d 6 h, 5 h 12 min, 2 min, 12 s. */
export function duration(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  const two = (a: number, ua: string, b: number, ub: string) => (b > 0 ? `${a} ${ua} ${b} ${ub}` : `${a} ${ua}`)
  if (days > 0) return two(days, t('unit.d'), hours % 24, t('unit.h'))
  if (hours > 0) return two(hours, t('unit.h'), minutes % 60, t('unit.min'))
  if (minutes > 0) return `${minutes} ${t('unit.min')}`
  return `${seconds} ${t('unit.s')}`
}

/** The exact moment, for the hover text. */
export function exact(time: string | number): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  }).format(new Date(time))
}

/** A time of day, or, of another day than today, the day and the minute: 14:03:22; Oct 2, 14:03. */
export function moment(time: string | number): string {
  const date = new Date(time)
  const now = new Date()
  const today = date.toDateString() === now.toDateString()
  return new Intl.DateTimeFormat(language, {
    ...(today ? { second: '2-digit' } : { month: 'short', day: 'numeric', ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }) }),
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(date)
}

/** A day: Oct 2, with the year when it is another one. */
export function day(time: string): string {
  const date = new Date(time)
  const sameYear = date.getFullYear() === new Date().getFullYear()
  return new Intl.DateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(date)
}
