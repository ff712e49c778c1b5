import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { useChange } from '../../api/queries'
import { t } from '../../i18n'
import { refusalText } from '../../i18n/mqtt'
import { Button, Field, Note, Select, TextArea } from '../../ui/basics'
import { Dialog } from '../../ui/overlays'

/** A payload that fits the model, to start from; values are for the person to fill in. */
export function samplePayload(node: Pick<Schemas['Node'], 'model' | 'payloadFormat'>, raw: string | null): string {
  if (raw) return raw
  const fields = node.model?.fields ?? []
  if (node.payloadFormat === 'SCALAR' || fields.length === 0) return ''
  const lines = fields.map((field) => {
    const value = field.type === 'BOOLEAN' ? 'false' : field.type === 'STRING' || field.type === 'BLOB' ? '""' : field.type === 'ENUM' ? JSON.stringify(field.enum?.[0] ?? '') : field.type === 'DATETIME' ? JSON.stringify(new Date().toISOString()) : field.type === 'OBJECT' ? '{}' : field.type === 'ARRAY' ? '[]' : String(field.min ?? 0)
    return `  ${JSON.stringify(field.name)}: ${value}`
  })
  return `{\n${lines.join(',\n')}\n}`
}

export function PublishDialog({ node, value, onClose }: { node: Schemas['Node']; value: Schemas['Value'] | undefined; onClose: () => void }) {
  const [payload, setPayload] = useState(() => samplePayload(node, value?.rawEncoding === 'text' && !value.truncated ? value.raw : null))
  const [qos, setQos] = useState(0)
  const [retain, setRetain] = useState(false)
  const publish = useChange(() => unwrap(api.POST('/namespace/values:write', { body: { items: [{ topic: node.topic ?? node.path, payload, qos, retain }] } })))
  const result = publish.data?.results[0]
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('publish')}
      description={<span className="mono">{node.topic ?? node.path}</span>}
      onSubmit={() => publish.mutate(undefined)}
      testId="publish-dialog"
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>{t('close')}</Button>
          <Button type="submit" variant="primary" busy={publish.isPending} data-testid="publish-send">
            {t('publish')}
          </Button>
        </>
      }
    >
      <Field label={t('publish.payload')} hint={t('publish.hint')}>
        {(props) => <TextArea {...props} mono rows={9} value={payload} onChange={(event) => setPayload(event.target.value)} data-testid="publish-payload" />}
      </Field>
      <div className="columns">
        <Field label="QoS">
          {(props) => (
            <Select {...props} value={qos} onChange={(event) => setQos(Number(event.target.value))} data-testid="publish-qos">
              {[0, 1, 2].map((level) => (
                <option key={level} value={level}>
                  {level}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <label className="check">
          <input type="checkbox" checked={retain} onChange={(event) => setRetain(event.target.checked)} />
          <span>{t('publish.retain')}</span>
        </label>
      </div>
      {publish.isError && <Note tone="err">{publish.error.message}</Note>}
      {result &&
        (result.accepted ? (
          <Note tone="ok" live icon={<CircleCheck size={17} aria-hidden />} testId="publish-ok">
            {t('publish.done')}
          </Note>
        ) : (
          <Note tone="err" testId="publish-refused">
            {t('publish.refused', { reason: refusalText(result) })}
          </Note>
        ))}
    </Dialog>
  )
}
