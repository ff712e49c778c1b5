import type { Schemas } from '../../api/client'
import { t } from '../../i18n'
import { unitSign } from './units'

type Field = Schemas['Field']
export type FieldChange = Schemas['FieldChange']

/** The mark beside a field that differs; no field is marked by colour alone. */
export function markOf(kind: FieldChange['kind'] | undefined): string {
  return kind === undefined ? '' : kind === 'ADDED' ? '+' : kind === 'REMOVED' ? '−' : '~'
}

/** What values a field may have, in few words. */
export function limitsOf(field: Field): string {
  if (field.enum?.length) return field.enum.join(', ')
  if (field.min != null && field.max != null) return t('templates.limits.both', { min: String(field.min), max: String(field.max) })
  if (field.min != null) return t('templates.limits.min', { min: String(field.min) })
  if (field.max != null) return t('templates.limits.max', { max: String(field.max) })
  if (field.maxLength != null) return t('templates.limits.length', { max: String(field.maxLength) })
  return field.pattern ?? ''
}

/** The parts of a field that the table shows. */
const PARTS: [name: 'type' | 'unit' | 'limits' | 'required' | 'nullable' | 'source', text: (field: Field) => string][] = [
  ['type', (field) => field.type.toLowerCase()],
  ['unit', (field) => (field.unit ? unitSign(field.unit) : '')],
  ['limits', limitsOf],
  ['required', (field) => (field.required ? t('field.required') : t('templates.optional'))],
  ['nullable', (field) => (field.nullable ? t('field.nullable') : '')],
  ['source', (field) => field.source ?? ''],
]

/** What a change is about: each part that differs, as it was and as it is. */
export function differences({ before, after }: FieldChange): { part: string; was: string; is: string }[] {
  if (!before || !after) return []
  return PARTS.map(([part, text]) => ({ part, was: text(before), is: text(after) })).filter(({ was, is }) => was !== is)
}

/** One line for a change. */
export function changeText(change: FieldChange): string {
  if (change.kind === 'ADDED' || change.kind === 'REMOVED' || differences(change).length === 0) return t(`templates.change.${change.kind}`)
  const parts = differences(change).map(({ was, is }) => `${was || '—'} → ${is || '—'}`)
  return `${t(`templates.change.${change.kind}`)}: ${parts.join(', ')}`
}
