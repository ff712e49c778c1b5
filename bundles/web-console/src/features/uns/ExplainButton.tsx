import { CircleHelp } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { t } from '../../i18n'
import { Button } from '../../ui/basics'
import { useUrlState } from '../../ui/url'

const ExplainDialog = lazy(() => import('./Explain'))

/** Opens the explanation of a topic; which question is asked stands in the URL. */
export function ExplainButton({ topic }: { topic: string }) {
  const [question, setQuestion] = useUrlState('explain')
  const [, setClient] = useUrlState('client')
  const close = () => {
    setQuestion('')
    setClient('')
  }
  return (
    <>
      <Button icon={<CircleHelp size={16} aria-hidden />} onClick={() => setQuestion('arrived')} data-testid="explain-open">
        {t('explain.open')}
      </Button>
      {question !== '' && (
        <Suspense>
          <ExplainDialog topic={topic} onClose={close} />
        </Suspense>
      )}
    </>
  )
}
