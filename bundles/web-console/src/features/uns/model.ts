import type { Schemas } from '../../api/client'
import { duration, t } from '../../i18n'

type Field = Schemas['Field']
export type FieldType = Field['type']

export const SIMPLE_TYPES: FieldType[] = ['INTEGER', 'LONG', 'FLOAT', 'DOUBLE', 'BOOLEAN', 'DATETIME', 'STRING']
export const MORE_TYPES: FieldType[] = ['ENUM', 'OBJECT', 'ARRAY', 'BLOB']

/** What a name cannot have: control characters, what cannot be seen, and white space that is not the usual space. */
const INVISIBLE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Variation_Selector}]|(?! )\p{Zs}|(?![\u200C\u200D])\p{Cf}/u

/** Most characters of a level of a path, and most levels. */
const MAX_NAME = 63
const MAX_LEVELS = 16

/** Most characters of a field's name, which is a key of payloads. */
const MAX_FIELD_NAME = 255

/** After how long a value is stale, for people. */
export function staleText(seconds: number): string {
  return seconds === 0 ? t('inherit.never') : duration(seconds * 1000)
}

/** A bound that people read; 0 is none. */
export function boundText(value: number, text: (value: number) => string): string {
  return value === 0 ? t('inherit.unbounded') : text(value)
}

/** A whole number as it is typed, at least 0; null if there is none, which is as above. */
export function wholeOrNull(text: string): number | null {
  return text.trim() === '' ? null : Math.max(0, Math.floor(Number(text) || 0))
}

/** A name as it is typed, without space around it, in the form in which equal names are equal. */
export function cleanName(text: string): string {
  return text.trim().normalize('NFC')
}

/** A field as it is being typed: numbers are text until they are saved. */
export interface FieldDraft {
  key: number
  name: string
  /** The name that it was read with; it may stay, even if a new one could not be so. Empty = a new field. */
  saved: string
  type: FieldType
  required: boolean
  unit: string
  min: string
  max: string
  decimals: string
  maxLength: string
  values: string
  pattern: string
  displayName: string
  description: string
  nullable: boolean
  coerce: boolean
  /** Key or path in the payload; empty = the name. */
  source: string
}

/** A list of texts in one line: with commas between them, and in quotes where a text has a comma itself. */
export function listText(texts: string[]): string {
  return texts.map((text) => (text === '' || text !== text.trim() || /[,"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(', ')
}

/** The texts of {@link listText}. */
export function listOf(line: string): string[] {
  const texts: string[] = []
  for (const [, quoted, plain] of line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]*))(?:,|$)/g)) {
    if (quoted !== undefined) texts.push(quoted.replaceAll('""', '"'))
    else if (plain?.trim()) texts.push(plain.trim())
  }
  return texts
}

/** A limit of a field. Whole numbers that a browser would round stay text. */
function limit(text: string): number | string | null {
  const digits = text.trim()
  if (digits === '') return null
  const number = Number(digits)
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? digits : number
}

let nextKey = 1

export function emptyField(): FieldDraft {
  return {
    key: nextKey++,
    name: '',
    saved: '',
    type: 'DOUBLE',
    required: false,
    unit: '',
    min: '',
    max: '',
    decimals: '',
    maxLength: '',
    values: '',
    pattern: '',
    displayName: '',
    description: '',
    nullable: false,
    coerce: false,
    source: '',
  }
}

export function draftOf(field: Field): FieldDraft {
  const text = (value: number | string | null | undefined) => (value == null ? '' : String(value))
  return {
    ...emptyField(),
    name: field.name,
    saved: field.name,
    type: field.type,
    required: field.required ?? false,
    nullable: field.nullable ?? false,
    coerce: field.coerce ?? false,
    source: field.source ?? '',
    unit: field.unit ?? '',
    min: text(field.min),
    max: text(field.max),
    decimals: text(field.decimals),
    maxLength: text(field.maxLength),
    values: listText(field.enum ?? []),
    pattern: field.pattern ?? '',
    displayName: field.displayName ?? '',
    description: field.description ?? '',
  }
}

export function isNumber(type: FieldType): boolean {
  return type === 'INTEGER' || type === 'LONG' || type === 'FLOAT' || type === 'DOUBLE'
}

export function fieldOf(draft: FieldDraft): Field {
  const numeric = isNumber(draft.type)
  const number = (text: string) => (text.trim() === '' ? null : Number(text))
  return {
    name: cleanName(draft.name),
    type: draft.type,
    required: draft.required,
    nullable: draft.nullable,
    coerce: draft.coerce,
    source: draft.source || null,
    unit: draft.unit.trim() || null,
    min: numeric ? limit(draft.min) : null,
    max: numeric ? limit(draft.max) : null,
    decimals: numeric ? number(draft.decimals) : null,
    maxLength: draft.type === 'STRING' ? number(draft.maxLength) : null,
    pattern: draft.type === 'STRING' ? draft.pattern || null : null,
    enum: draft.type === 'ENUM' ? listOf(draft.values) : null,
    displayName: draft.displayName.trim() || null,
    description: draft.description.trim() || null,
  }
}

/** Why a field cannot be saved, or undefined. */
export function fieldProblem(draft: FieldDraft, all: FieldDraft[], metric = false): string | undefined {
  const name = cleanName(draft.name)
  if (name === '') return t('field.problem.name')
  if (name !== draft.saved && INVISIBLE.test(name)) return t('name.invisible', { level: name })
  if (name !== draft.saved && [...name].length > MAX_FIELD_NAME) return t('field.problem.long', { n: MAX_FIELD_NAME })
  if (all.some((other) => other.key !== draft.key && cleanName(other.name) === name)) return t('field.problem.twice', { name })
  for (const text of [draft.min, draft.max, draft.decimals, draft.maxLength]) {
    if (text.trim() !== '' && !Number.isFinite(Number(text))) return t('field.problem.number', { text })
  }
  if (draft.min.trim() !== '' && draft.max.trim() !== '' && Number(draft.min) > Number(draft.max)) return t('field.problem.range')
  if (draft.type === 'ENUM' && fieldOf(draft).enum?.length === 0) return t('field.problem.enum')
  if (metric && MORE_TYPES.includes(draft.type)) return t('field.problem.metric', { type: draft.type })
  return undefined
}

const TYPE_FOLDERS: Record<Schemas['TopicType'], string> = { METRIC: 'Metric', STATE: 'State', ACTION: 'Action' }

/** The MQTT topic of a new node: a type folder is put in unless its parent is one already. */
export function topicFor(parent: string, name: string, type: Schemas['TopicType']): string {
  const levels = parent.split('/').filter(Boolean)
  if (levels.at(-1) !== TYPE_FOLDERS[type]) levels.push(TYPE_FOLDERS[type])
  return [...levels, name].join('/')
}

/** A path that is like a topic which cannot be one: without empty levels and what no name can have. */
export function pathLike(topic: string): string {
  const levels = topic
    .normalize('NFC')
    .split('/')
    .map((level) =>
      [...level]
        .map((c) => (/\s/.test(c) ? ' ' : INVISIBLE.test(c) || /[+#\u200C\u200D]/.test(c) ? '' : c))
        .slice(0, MAX_NAME)
        .join('')
        .trim()
        .replace(/^\$+|^\.{1,2}$/, '_'),
    )
    .filter(Boolean)
  return [...levels.slice(0, MAX_LEVELS - 1), ...(levels.length >= MAX_LEVELS ? [levels.at(-1)!] : [])].join('/')
}

/**
 * Why a path or topic name cannot be used, or undefined. The server has the last word.
 *
 * @param known the path of a node that is there: its levels are as they are
 */
export function pathProblem(path: string, known?: string): string | undefined {
  if (path === '') return t('required')
  const levels = path.split('/')
  if (levels.length > MAX_LEVELS) return t('name.deep')
  for (const level of levels.slice(known === undefined ? 0 : known.split('/').length)) {
    const problem = levelProblem(level)
    if (problem) return problem
  }
  return undefined
}

/** A path as far as the last level that no new node can be called by; undefined if there is none. */
export function oddPath(path: string): string | undefined {
  const levels = path.split('/')
  const last = levels.findLastIndex((level) => level !== '' && levelProblem(level) !== undefined)
  return last < 0 || levels.length > MAX_LEVELS ? undefined : levels.slice(0, last + 1).join('/')
}

function levelProblem(level: string): string | undefined {
  if (level === '') return t('name.emptyLevel')
  if (level === '.' || level === '..' || level.startsWith('$')) return t('name.reserved', { level })
  if ([...level].length > MAX_NAME) return t('name.long', { level: `${level.slice(0, 20)}…` })
  if (/[+#]/.test(level)) return t('name.characters', { level })
  if (level !== level.trim() || INVISIBLE.test(level)) return t('name.invisible', { level })
  return undefined
}
