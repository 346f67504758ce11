import '@cloudscape-design/global-styles/index.css';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApiClient } from './api/api-client.ts';
import { createLiveUpdates } from './api/live-updates.ts';
import { remembered } from './app/browser-storage.ts';
import { Start } from './app/start.tsx';
import { followTheme, themeNamed } from './app/theme.ts';
import { loadCatalog, preferredLanguage } from './i18n/catalog.ts';

const live = createLiveUpdates();
const api = createApiClient({
  fetch: (input, init) => window.fetch(input, init),
  language: () => document.documentElement.lang,
  onRequest: live.request,
});

// Before anything is drawn, so that a dark room does not start with a white flash.
followTheme(themeNamed(remembered('theme')));

const language = preferredLanguage(remembered('language'), navigator.languages, 'en');
const root = document.getElementById('root');
if (root !== null) {
  document.documentElement.lang = language;
  void loadCatalog(language).then((catalog) => {
    createRoot(root).render(
      <StrictMode>
        <Start api={api} live={live} initial={{ language, catalog }} />
      </StrictMode>,
    );
  });
}
