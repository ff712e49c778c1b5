import { TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Schemas } from '../../api/client'
import { useOverlaps } from '../../api/queries'
import { t, tn, tx } from '../../i18n'
import { Note } from '../../ui/basics'

const SHOWN = 3

interface Props {
  clientId: string
  policy: Schemas['ClientIdPolicy']
  /** The credential that is changed, if it exists. */
  credentialId?: string
  /** Whether the Client ID stays as it is: then nobody has to be asked whether two may share it. */
  unchanged?: boolean
  shared: boolean
  onShared: (shared: boolean) => void
}

/** Other credentials that want the same Client IDs: whose they are, before anything is saved. */
export function Overlaps({ clientId, policy, credentialId, unchanged, shared, onShared }: Props) {
  const [late, setLate] = useState(clientId)
  useEffect(() => {
    const timer = setTimeout(() => setLate(clientId), 300)
    return () => clearTimeout(timer)
  }, [clientId])
  const { data } = useOverlaps(clientId === '' ? '' : late, policy, credentialId)
  if (!data || clientId === '' || data.total === 0) return null
  const rest = data.total - Math.min(SHOWN, data.overlaps.length)
  return (
    <Note tone="warn" live icon={<TriangleAlert size={17} aria-hidden />} testId="client-id-overlaps">
      {data.overlaps.slice(0, SHOWN).map((overlap) => (
        <div key={overlap.credential.id}>
          {tx(`overlap.${overlap.kind}`, {
            name: <strong key="n">{overlap.credential.description}</strong>,
            id: (
              <code key="i" className="mono">
                {overlap.clientId}
                {overlap.clientIdPolicy === 'PREFIX' && '-*'}
              </code>
            ),
          })}
        </div>
      ))}
      {rest > 0 && <div>{tn('overlap.more', rest)}</div>}
      {!unchanged && data.overlaps.some((overlap) => overlap.kind === 'EQUAL') && (
        <label className="check">
          <input type="checkbox" checked={shared} onChange={(event) => onShared(event.target.checked)} data-testid="allow-overlap" />
          <span>{t('overlap.allow')}</span>
        </label>
      )}
    </Note>
  )
}
