import { useState } from 'react'
import { api, unwrap, type Schemas } from '../../api/client'
import { keys, useChange } from '../../api/queries'
import { number, t, tn } from '../../i18n'
import { whyText } from '../../i18n/why'
import { Button, Note, useNow } from '../../ui/basics'
import { toast } from '../../ui/toast'
import { violationText } from './violation'

type Template = Schemas['Template']
type Impact = Schemas['TemplateImpact']

/** So long what was tried says something of what comes. */
const FRESH_MILLIS = 5 * 60_000

/** Lets the topics of one version pin the latest: first what would happen, then those move that pass. */
export function TemplateMove({ template, from, canWrite }: { template: Template; from: string; canWrite: boolean }) {
  const [tried, setTried] = useState<{ at: number; impact: Impact }>()
  const [all, setAll] = useState(false)
  const now = useNow(10_000)
  const path = { id: template.id }
  const rehearse = useChange(() => unwrap(api.GET('/templates/{id}/impact', { params: { path, query: { from, to: template.latest } } })))
  const move = useChange(
    () => unwrap(api.POST('/templates/{id}/apply', { params: { path, header: { 'If-Match': `"${template.revision}"` } }, body: { from, to: template.latest, onlyPassing: true } })),
    keys.namespace,
  )
  const run = () => rehearse.mutate(undefined, { onSuccess: (impact) => setTried({ at: Date.now(), impact }) })
  // Of a template that has changed since, nothing is known any more.
  const current = tried?.impact.revision === template.revision ? tried : undefined
  const stale = current !== undefined && now - current.at > FRESH_MILLIS
  const impact = current?.impact
  const not = impact?.nodes.filter((node) => !node.passes) ?? []
  if (!impact) {
    return (
      <>
        <Button busy={rehearse.isPending} onClick={run} data-testid={`template-rehearse-${from}`}>
          {t('templates.rehearse', { version: template.latest })}
        </Button>
        {rehearse.error && <Note tone="err">{rehearse.error.message}</Note>}
      </>
    )
  }
  return (
    <div className="move-box" data-testid={`template-impact-${from}`}>
      <div className="row between">
        <strong>{t('templates.moveTitle', { topics: tn('uns.topics', impact.total), version: template.latest })}</strong>
        {stale && <span className="muted small">{t('templates.stale')}</span>}
      </div>
      <span className="share share-result" aria-hidden>
        <span style={{ width: `${(100 * impact.passing) / Math.max(1, impact.total)}%` }} />
      </span>
      <div className="row between small">
        <span className="up">{t('templates.passing', { n: number(impact.passing) })}</span>
        {impact.failing + impact.refused > 0 && <span className="down">{t('templates.failing', { n: number(impact.failing + impact.refused) })}</span>}
      </div>
      {impact.unheard > 0 && <p className="sub">{tn('templates.unheard', impact.unheard)}</p>}
      {(move.error ?? rehearse.error) && <Note tone="err">{(move.error ?? rehearse.error)!.message}</Note>}
      <div className="row">
        {canWrite && impact.passing > 0 && (
          <Button
           
            variant="primary"
            busy={move.isPending}
            disabled={stale}
            onClick={() => move.mutate(undefined, { onSuccess: ({ moved }) => toast({ kind: 'ok', text: t('templates.moved', { topics: tn('uns.topics', moved), version: template.latest }) }) })}
            data-testid={`template-move-${from}`}
          >
            {t('templates.move', { n: number(impact.passing) })}
          </Button>
        )}
        <Button busy={rehearse.isPending} onClick={run}>
          {t('templates.again')}
        </Button>
        <span className="grow" />
        {not.length > 0 && (
          <button type="button" className="link" aria-expanded={all} onClick={() => setAll(!all)}>
            {t('templates.showFailing', { n: number(impact.failing + impact.refused) })}
          </button>
        )}
      </div>
      {all && (
        <ul className="move-list">
          {not.map((node) => (
            <li key={node.id}>
              <code className="mono">{node.path}</code>
              <span className="down small">{node.problem ? whyText(node.why, node.problem) : node.violation ? violationText(node.violation) : ''}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
