import { Check } from 'lucide-react'
import type { Schemas } from '../../api/client'
import { t } from '../../i18n'
import { classes } from '../../ui/basics'
import { TableScroll } from '../../ui/tablescroll'
import { unitSign } from './units'
import { differences, limitsOf, markOf, type FieldChange } from './templatechanges'

type Field = Schemas['Field']

/** The fields of a version; those that differ from another one are marked, and those that are no more stand last. */
export function TemplateFields({ fields, changes }: { fields: Field[]; changes: FieldChange[] }) {
  const byName = new Map(changes.map((change) => [change.field, change]))
  const gone = changes.flatMap(({ kind, before }) => (kind === 'REMOVED' && before ? [before] : []))
  if (fields.length + gone.length === 0) return <p className="card-empty">{t('model.none')}</p>
  return (
    <TableScroll label={t('model.fields')}>
      <table aria-label={t('model.fields')} data-testid="template-fields">
        <thead>
          <tr>
            <th scope="col">{t('field.name')}</th>
            <th scope="col">{t('field.type')}</th>
            <th scope="col">{t('field.unit')}</th>
            <th scope="col" className="from-2">{t('templates.limits')}</th>
            <th scope="col" className="from-2">{t('field.required')}</th>
            <th scope="col" className="from-3">{t('field.description')}</th>
          </tr>
        </thead>
        <tbody>
          {[...fields, ...gone].map((field) => (
            <Row key={field.name} field={field} change={byName.get(field.name)} />
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

function Row({ field, change }: { field: Field; change: FieldChange | undefined }) {
  const was = new Map(change ? differences(change).map(({ part, was: before }) => [part, before]) : [])
  const kind = change?.kind
  const cell = (part: string, text: string, none: string) => (
    <>
      {was.get(part) && <s className="muted">{was.get(part)}</s>} {was.has(part) ? <strong>{text || none}</strong> : text || <span className="muted">{none}</span>}
    </>
  )
  return (
    <tr className={classes(kind && `changed-${kind === 'ADDED' ? 'added' : kind === 'REMOVED' ? 'removed' : 'other'}`)} data-testid={`template-field-${field.name}`}>
      <td>
        <span className="mark mono" title={kind && t(`templates.change.${kind}`)}>
          {markOf(kind)}
          {kind && <span className="sr">{t(`templates.change.${kind}`)}</span>}
        </span>
        <span className="mono strong">{field.name}</span>
      </td>
      <td>{cell('type', field.type.toLowerCase(), '')}</td>
      <td>{cell('unit', field.unit ? unitSign(field.unit) : '', t('templates.noUnit'))}</td>
      <td className="from-2">{cell('limits', limitsOf(field), t('templates.noUnit'))}</td>
      <td className="from-2">
        {field.required && <Check size={14} aria-hidden />} {cell('required', field.required ? t('field.required') : t('templates.optional'), '')}
      </td>
      <td className="from-3">{field.description ?? ''}</td>
    </tr>
  )
}
