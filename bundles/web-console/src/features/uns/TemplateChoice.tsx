import { useTemplateChoice, useTemplateVersion } from '../../api/templates'
import { t } from '../../i18n'
import { Field, Select } from '../../ui/basics'
import { TemplateFields } from './TemplateFields'

/** Which version of which template a topic pins; nothing if it has fields of its own only. */
export interface Pin {
  id: string
  version: string
}

interface Props {
  pin: Pin | undefined
  onChange: (pin: Pin | undefined) => void
}

/** Lets somebody choose a template for a topic, and shows the fields that come with it. */
export function TemplateChoice({ pin, onChange }: Props) {
  const choice = useTemplateChoice(true)
  const chosen = choice.data?.items.find(({ id }) => id === pin?.id)
  const version = useTemplateVersion(pin?.id, pin?.version)
  if (!pin && (choice.data?.items.length ?? 0) === 0) return null
  return (
    <section className="template-choice" aria-label={t('templates.one')}>
      <div className="columns">
        <Field label={t('templates.one')} hint={pin ? t('templates.overlayHint') : t('templates.choiceHint')}>
          {(props) => (
            <Select
              {...props}
              value={pin?.id ?? ''}
              onChange={(event) => {
                const next = choice.data?.items.find(({ id }) => id === event.target.value)
                onChange(next && { id: next.id, version: next.latest })
              }}
              data-testid="node-template"
            >
              <option value="">{t('templates.without')}</option>
              {pin && !chosen && <option value={pin.id}>{version.data?.name ?? pin.id}</option>}
              {choice.data?.items.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {pin && (
          <Field label={t('templates.version')} hint={chosen && pin.version !== chosen.latest ? t('templates.older', { version: chosen.latest }) : undefined}>
            {(props) => (
              <Select {...props} value={pin.version} onChange={(event) => onChange({ id: pin.id, version: event.target.value })} data-testid="node-template-version">
                {(chosen?.versions ?? [{ version: pin.version }]).map((each) => (
                  <option key={each.version}>{each.version}</option>
                ))}
              </Select>
            )}
          </Field>
        )}
      </div>
      {pin && version.data && (
        <div className="card table-card" data-testid="node-template-fields">
          <TemplateFields fields={version.data.model.fields} changes={[]} />
        </div>
      )}
    </section>
  )
}
