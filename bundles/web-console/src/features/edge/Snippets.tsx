import { Tabs } from '@base-ui/react/tabs'
import { t } from '../../i18n'
import { CopyButton } from '../../ui/iconbutton'
import { highlight, snippet, SNIPPET_NAMES, SNIPPETS, type Connection } from './snippets'

function Code({ text }: { text: string }) {
  return (
    <pre className="code mono" tabIndex={0}>
      {text.split('\n').map((line, index) => (
        <span key={index} className="code-line">
          {highlight(line).map((token, at) => (
            <span key={at} className={`tok-${token.kind}`}>
              {token.text}
            </span>
          ))}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}

/** Ready-made lines for seven kinds of clients. */
export function Snippets({ to }: { to: Connection }) {
  return (
    <Tabs.Root defaultValue="mosquitto" className="snippets">
      <Tabs.List className="tabs tabs-s" aria-label={t('snippets.label')} activateOnFocus>
        {SNIPPETS.map((kind) => (
          <Tabs.Tab key={kind} value={kind} className="tab" data-testid={`snippet-tab-${kind}`}>
            {SNIPPET_NAMES[kind]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SNIPPETS.map((kind) => {
        const text = snippet(kind, to)
        return (
          <Tabs.Panel key={kind} value={kind} className="snippet" data-testid={`snippet-${kind}`}>
            <Code text={text} />
            <CopyButton text={text} label={t('copy.snippet', { name: SNIPPET_NAMES[kind] })} />
          </Tabs.Panel>
        )
      })}
    </Tabs.Root>
  )
}
