import './styles/fonts.css'
import './styles/tokens.css'
import './styles/components.css'
import './styles/pages.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { setRoot } from './api/client'
import { App } from './app/App'
import { startLanguage } from './i18n'

// The entry lies one folder below the console's root, in the build (assets/) and in development (src/) alike.
setRoot(new URL(/* @vite-ignore */ '../', import.meta.url))

// A page below changes the address; the icon's relative link must not move with it.
for (const icon of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]')) icon.setAttribute('href', icon.href)

await startLanguage()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
